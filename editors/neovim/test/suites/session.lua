--- The server is killed, started again, and told of other settings.

vim.cmd.edit('nginx.conf')
local buffer = vim.api.nvim_get_current_buf()
local client = attached()
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'findings arrive')

--- The processes that this editor started, with those that they did.
local function processes(parent)
  local all = {}
  for _, pid in ipairs(vim.api.nvim_get_proc_children(parent)) do
    all[#all + 1] = pid
    vim.list_extend(all, processes(pid))
  end
  return all
end

local function kill()
  local ended = 0
  for _, pid in ipairs(processes(vim.fn.getpid())) do
    local process = vim.api.nvim_get_proc(pid)
    if process and process.name:find('^nginx%-analyzer') then
      ended = ended + (vim.uv.kill(pid, 'sigkill') == 0 and 1 or 0)
    end
  end
  return ended
end

check(said(function()
  check(kill() > 0, 'the server is killed')
end, 'the editor says that it ended'):find('quit'), 'in its own words')
eventually(function()
  return #vim.lsp.get_clients({ name = 'nginx_analyzer' }) == 0
end, 'no server is left')
vim.v.errmsg = ''
check(said(function()
  vim.cmd('NginxAnalyzer map')
end, 'a command then says'):find('open an nginx configuration first', 1, true), 'that there is none')
vim.cmd('NginxAnalyzer restart')
local second = attached()
check(second.id ~= client.id, 'restart starts another')
vim.api.nvim_buf_set_lines(buffer, 0, 0, true, { '# typed since' })
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 549 })
end, 'it knows the text as it is')
vim.cmd('silent undo')
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'also after undo')

vim.cmd('NginxAnalyzer restart')
eventually(function()
  local third = vim.lsp.get_clients({ name = 'nginx_analyzer' })
  return #third == 1 and third[1].id ~= second.id and third[1].initialized
end, 'restart takes the place of one that runs')
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'its findings are those of before')

-- Settings that change while it runs.
client = attached()
local function severity()
  local found = vim.tbl_filter(function(one)
    return one.code == 'dead-location'
  end, vim.diagnostic.get(buffer))
  return found[1] and found[1].severity
end
check(severity() ~= vim.diagnostic.severity.ERROR, 'a dead location is no error by default')
local settings = { nginxAnalyzer = { rules = { ['dead-location'] = 'error' } } }
client.settings = settings
client.config.settings = settings
if vim.fn.has('nvim-0.11') == 1 then
  client:notify('workspace/didChangeConfiguration', { settings = settings })
else
  client.notify('workspace/didChangeConfiguration', { settings = settings })
end
eventually(function()
  return severity() == vim.diagnostic.severity.ERROR
end, 'after a change of the settings it is')
check(not vim.tbl_contains(vim.tbl_map(function(one)
  return one.code
end, vim.diagnostic.get(buffer)), vim.NIL), 'every finding names its rule')

vim.lsp.log.error('something for the log')
vim.cmd('NginxAnalyzer log')
check(vim.bo.readonly and vim.api.nvim_buf_get_name(0):find('lsp%.log$'), 'log opens what the server wrote')
