--- :NginxAnalyzer restart, log, status.

local client_of = require('nginx_analyzer.client')

local M = {}

--- Ends the servers that run and starts them anew for every nginx file that is open; also when none runs, because it was killed.
function M.restart()
  local function stop(force)
    for _, client in ipairs(client_of.all()) do
      -- Neovim goes on asking a server that it has told to stop (what a refresh asks for), and shows the refusal as an error.
      client.request = function()
        return false
      end
      if vim.fn.has('nvim-0.11') == 1 then
        client:stop(force)
      else
        client.stop(force)
      end
    end
  end
  stop(false)
  local function start()
    for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
      client_of.start(buffer)
    end
  end
  -- A server that doesn't answer is ended by force after three seconds.
  local timer, asked = vim.uv.new_timer(), vim.uv.now()
  timer:start(0, 50, vim.schedule_wrap(function()
    if timer:is_closing() then
      return
    end
    if #client_of.all() > 0 and vim.uv.now() - asked < 3000 then
      return
    end
    timer:close()
    stop(true)
    start()
  end))
end

--- What the servers wrote: Neovim keeps it in the log of all language servers.
function M.log()
  local file = vim.lsp.log.get_filename()
  if not vim.uv.fs_stat(file) then
    return client_of.say('there is no log yet: ' .. file)
  end
  vim.cmd.split(vim.fn.fnameescape(file))
  vim.bo.readonly = true
  vim.cmd.normal({ 'G', bang = true })
end

--- A sentence for each server: which, whether it is ready, for which folder.
function M.sentences()
  local lines = {}
  for _, client in ipairs(client_of.all()) do
    local now = client.nginx_analyzer_status
    local state = not client.initialized and 'starting' or now and not now.quiescent and 'working' or 'ready'
    -- Neovim 0.10 does not keep what the server is called.
    local server = client.server_info or {}
    local name = table.concat({ server.name or 'nginx-analyzer', server.version }, ' ')
    local buffers = vim.tbl_count(client.attached_buffers)
    local folder = client.root_dir and vim.fn.fnamemodify(client.root_dir, ':~') or 'no folder'
    lines[#lines + 1] = ('%s: %s, %s, %d %s'):format(name, state, folder, buffers, buffers == 1 and 'file' or 'files')
    if now and now.health ~= 'ok' then
      lines[#lines + 1] = ('  %s: %s'):format(now.health, now.message or '')
    end
  end
  return lines
end

function M.status()
  local lines = M.sentences()
  vim.notify(#lines > 0 and table.concat(lines, '\n') or 'nginx-analyzer: no server runs; `:checkhealth nginx_analyzer` says more')
end

return M
