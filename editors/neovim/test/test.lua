-- nvim --headless -u NONE -l test.lua, started by run.sh. Env: SERVER, FILE, RUNTIME; CHECKER and LSP_PYTHON for the check of every message.
-- What a person does is done through the editor's own commands: open, look at the findings, take a code action, undo, write.

local env = vim.env
local WAIT = 20000

local function say(line)
  io.stdout:write(line, '\n')
  io.stdout:flush()
end

local function check(ok, what)
  say((ok and 'ok   ' or 'FAIL ') .. what)
  if not ok then
    os.exit(1)
  end
end

--- Lets the editor work until `condition` holds.
local function eventually(condition, what)
  check(vim.wait(WAIT, condition, 10), what)
end

vim.opt.runtimepath:append(env.RUNTIME)
local command = { env.SERVER, 'lsp' }
check(vim.deep_equal(vim.lsp.config.nginx_analyzer.cmd, { 'nginx-analyzer', 'lsp' }), 'lsp/nginx_analyzer.lua is found by its name')
if (env.CHECKER or '') ~= '' then
  command = { env.LSP_PYTHON, env.CHECKER, unpack(command) }
end
vim.lsp.config('nginx_analyzer', { cmd = command })
vim.lsp.enable('nginx_analyzer')
vim.cmd('filetype on')
vim.cmd.edit(vim.fn.fnameescape(env.FILE))

local buffer = vim.api.nvim_get_current_buf()
check(vim.bo[buffer].filetype == 'nginx', 'filetype nginx')
local client
eventually(function()
  client = vim.lsp.get_clients({ bufnr = buffer, name = 'nginx_analyzer' })[1]
  return client ~= nil and client.initialized
end, 'the server is attached')
check(client.root_dir == vim.fs.dirname(env.FILE), ('the workspace is %s'):format(client.root_dir))
say(('     %s %s, %s'):format(client.server_info.name, client.server_info.version, client.offset_encoding))

--- The findings of a rule, by line from 1. None may name a place outside the text.
local function findings(rule)
  local lines = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer)) do
    if diagnostic.code == rule then
      lines[#lines + 1] = diagnostic.lnum + 1
    end
  end
  table.sort(lines)
  return lines
end

eventually(function()
  return #vim.diagnostic.get(buffer) > 0
end, 'findings arrive')
local before = vim.diagnostic.get(buffer)
table.sort(before, function(a, b)
  return a.lnum < b.lnum
end)
for _, diagnostic in ipairs(before) do
  say(('     %d:%d-%d:%d %s %s'):format(diagnostic.lnum + 1, diagnostic.col + 1, diagnostic.end_lnum + 1, diagnostic.end_col + 1, diagnostic.code, diagnostic.message))
end
check(vim.deep_equal(findings('dead-location'), { 548 }), 'the dead location is on line 548')
check(vim.deep_equal(findings('missing-file'), { 608, 613 }), 'the missing files are on lines 608 and 613')
check(vim.deep_equal(findings('upstream-lacks-route'), { 304 }), 'the route that the upstream lacks is on line 304')

local function line(number)
  return vim.api.nvim_buf_get_lines(buffer, number - 1, number, true)[1]
end

--- Takes the one action whose title begins so, as `gra` at the cursor would.
local function act(number, column, title)
  vim.api.nvim_win_set_cursor(0, { number, column })
  local offered = {}
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      offered[#offered + 1] = (action.disabled and '(' .. action.disabled.reason .. ') ' or '') .. action.title
      return vim.startswith(action.title, title)
    end,
  })
  eventually(function()
    return #offered > 0
  end, ('actions are offered on line %d'):format(number))
  for _, one in ipairs(offered) do
    say('     ' .. one)
  end
end

local text = vim.api.nvim_buf_get_lines(buffer, 0, -1, true)

-- The float that a person reads: the message, and the place that takes the requests.
vim.api.nvim_win_set_cursor(0, { 548, 8 })
local float = vim.diagnostic.open_float({ scope = 'line' })
check(float ~= nil, 'the float opens')
local shown = vim.api.nvim_buf_get_lines(float, 0, -1, true)
for _, one in ipairs(shown) do
  say('     | ' .. one)
end
check(table.concat(shown, '\n'):find('location ~ ^/(ui|admin)', 1, true) ~= nil, 'it names the location that takes the requests')

-- Which location serves a URL: the location comes up with the answer behind it, the whole way stands below.
local window = vim.api.nvim_get_current_win()
vim.cmd('NginxAnalyzer trace http://gateway.example.com/api/admin/tokens?limit=5')
local page
eventually(function()
  for _, one in ipairs(vim.api.nvim_list_bufs()) do
    if vim.bo[one].filetype == 'nginx-analyzer-trace' then
      page = one
    end
  end
  return page ~= nil
end, 'the trace opens')
check(vim.api.nvim_get_current_win() == window and vim.api.nvim_win_get_cursor(window)[1] == 113, 'the cursor is on the location, line 113')
local marks = vim.api.nvim_buf_get_extmarks(buffer, vim.api.nvim_get_namespaces().nginx_analyzer_trace, 0, -1, { details = true })
check(#marks == 1 and marks[1][2] == 112, 'the answer stands behind its line')
local answer = marks[1][4].virt_text[1][1]
say('     ' .. answer)
check(answer:find('proxy_pass http://openresty_internal', 1, true) ~= nil and answer:find('location ~ ^/api/admin/tokens', 1, true) ~= nil, 'it names both hops')
local way = vim.api.nvim_buf_get_lines(page, 0, -1, true)
check(way[1] == 'GET http://gateway.example.com/api/admin/tokens?limit=5', 'the page begins with what was asked')
local row
for number, one in ipairs(way) do
  row = row or (one:find('nginx.conf:481', 1, true) and not one:find('^→') and number)
end
vim.api.nvim_set_current_win(vim.fn.bufwinid(page))
vim.api.nvim_win_set_cursor(0, { row, 0 })
vim.cmd('normal gf')
check(vim.api.nvim_get_current_win() == window and vim.api.nvim_win_get_cursor(window)[1] == 481, 'gf on line 481 of the page goes there')
vim.api.nvim_buf_delete(page, { force = true })
local said
local notify = vim.notify
vim.notify = function(text)
  said = text
end
vim.cmd('NginxAnalyzer trace http://gateway.example.com:99/')
eventually(function()
  return said ~= nil
end, 'what cannot be traced is said')
check(said == 'nginx-analyzer: nothing listens on port 99; these do: 80 (gateway.example.com), 8080 (localhost)', said)
vim.notify = notify

act(548, 10, 'Comment out')
eventually(function()
  return line(548):find('^%s*#X# location /admin/ {') ~= nil
end, 'the block is commented out: ' .. vim.trim(line(548)))
check(line(547) == text[547] and line(558) == text[558] and line(559) == text[559], 'the lines around it are what they were')
check(line(557):find('^%s*#X# }$') ~= nil, 'its last line is commented out too')
eventually(function()
  return #findings('dead-location') == 0
end, 'the finding goes')
check(vim.deep_equal(findings('missing-file'), { 608, 613 }), 'the others stay')

act(548, 10, 'Restore')
eventually(function()
  return vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), text)
end, 'the block is restored, letter for letter')
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'the finding comes back')

-- A clean-up: shown, asked for, made by the editor; and taken back, letter for letter.
local select = vim.ui.select
local asked = {}
vim.ui.select = function(items, options, done)
  asked[#asked + 1] = options.prompt
  done(items[1])
end
vim.notify = function() end
vim.cmd('NginxAnalyzer cleanup apply')
eventually(function()
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), '\n'):find('# nginx-analyzer: off since', 1, true) ~= nil
end, 'a clean-up comments out with a dated line')
check(asked[1] == 'nginx-analyzer: cleanup apply, as shown?', 'it is asked for first')
local folder = vim.fs.dirname(env.FILE)
check(#vim.fn.glob(folder .. '/*.backup_before_cleanup_*', false, true) == 1, 'the backup is beside the file')
vim.cmd('silent write')
eventually(function()
  vim.cmd('NginxAnalyzer cleanup restore')
  return vim.wait(1000, function()
    return vim.deep_equal(vim.api.nvim_buf_get_lines(buffer, 0, -1, true), text)
  end, 10)
end, 'restore brings it back, letter for letter')
vim.cmd('silent write')
vim.ui.select = select
vim.notify = notify

-- A finding follows the line while a person types above it.
vim.api.nvim_buf_set_lines(buffer, 0, 0, true, { '# a new first line with ä, 漢 and 😀' })
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 549 })
end, 'the finding moves with its line')
vim.cmd('silent undo')
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'and back after undo')
vim.cmd('silent write')

-- A file that appears on disk settles a finding, at the latest when something is saved: Neovim on Linux watches no files by itself.
local missing = vim.fs.joinpath(vim.fs.dirname(env.FILE), 'html', 'help.html')
vim.fn.writefile({ '<p>help</p>' }, missing)
vim.cmd('silent write')
eventually(function()
  return vim.deep_equal(findings('missing-file'), { 608 })
end, 'a missing file that appears is no longer missing')

client:stop()
eventually(function()
  return client:is_stopped()
end, 'the server stops')
os.exit(0)
