--- Everything that `:NginxAnalyzer` does.

vim.cmd.edit('nginx.conf')
local buffer = vim.api.nvim_get_current_buf()
local window = vim.api.nvim_get_current_win()
local client = attached()

same(vim.fn.getcompletion('NginxAnalyzer ', 'cmdline'), { 'cleanup', 'effective', 'evidence', 'log', 'map', 'report', 'restart', 'status', 'trace' }, 'the names are completed')
same(vim.fn.getcompletion('NginxAnalyzer cleanup f', 'cmdline'), { 'finish' }, 'the steps of a clean-up too')
same(vim.fn.getcompletion('NginxAnalyzer report ', 'cmdline'), { 'html', 'markdown' }, 'the formats of a report too')
same(vim.fn.getcompletion('NginxAnalyzer map ', 'cmdline'), {}, 'and nothing where nothing can follow')
check(said(function()
  vim.cmd('NginxAnalyzer tarce /x')
end, 'a wrong name is answered'):find('there is no command `tarce`; there are cleanup, ', 1, true), 'with the names that there are')

-- Which location serves a URL: the location comes up with the answer behind it, the whole way stands below.
vim.cmd('NginxAnalyzer trace http://gateway.example.com/api/admin/tokens?limit=5')
local trace = page_of('nginx-analyzer-trace')
check(vim.api.nvim_get_current_win() == window and vim.api.nvim_win_get_cursor(window)[1] == 113, 'the cursor is on the location, line 113')
local marks = vim.api.nvim_buf_get_extmarks(buffer, vim.api.nvim_get_namespaces().nginx_analyzer_trace, 0, -1, { details = true })
check(#marks == 1 and marks[1][2] == 112, 'the answer stands behind its line')
local answer = marks[1][4].virt_text[1][1]
check(answer:find('proxy_pass http://openresty_internal', 1, true) and answer:find('location ~ ^/api/admin/tokens', 1, true), 'it names both hops')
same(lines(trace.buffer)[1], 'GET http://gateway.example.com/api/admin/tokens?limit=5', 'the page begins with what was asked')
vim.api.nvim_set_current_win(trace.window)
vim.api.nvim_win_set_cursor(0, { line_with('nginx.conf:481', trace.buffer), 0 })
local wanted = 481
for number, line in ipairs(lines(trace.buffer)) do
  if line:find('nginx.conf:481', 1, true) and not line:find('^→') then
    vim.api.nvim_win_set_cursor(0, { number, 0 })
    break
  end
end
vim.cmd('normal gf')
check(vim.api.nvim_get_current_win() == window and vim.api.nvim_win_get_cursor(window)[1] == wanted, 'gf on line 481 of the page goes there')
vim.api.nvim_set_current_win(trace.window)
vim.cmd('normal q')
check(not vim.api.nvim_win_is_valid(trace.window), 'q closes the page')
same(said(function()
  vim.cmd('NginxAnalyzer trace http://gateway.example.com:99/')
end, 'what cannot be traced is said'), 'nginx-analyzer: nothing listens on port 99; these do: 80 (gateway.example.com), 8080 (localhost)', 'with what listens')
local input = vim.ui.input
vim.ui.input = function(options, done)
  note(options.prompt)
  done('POST /api/health')
end
vim.cmd('NginxAnalyzer trace')
vim.ui.input = input
trace = page_of('nginx-analyzer-trace')
check(lines(trace.buffer)[1]:find('^POST http'), 'without a URL it asks for one, and takes a method before it')
vim.api.nvim_win_close(trace.window, true)

-- Who uses the location around the cursor.
vim.api.nvim_set_current_win(window)
local header = line_with('location ~ ^/api/admin/tokens')
vim.api.nvim_win_set_cursor(window, { header + 2, 12 })
vim.cmd('NginxAnalyzer evidence')
eventually(function()
  return vim.fn.getloclist(window, { size = 0 }).size > 0
end, 'evidence lists the places')
note(vim.fn.getloclist(window, { title = 0 }).title)
vim.cmd('lclose')

-- The report, to read and as a page for a browser.
vim.cmd('NginxAnalyzer report')
local report = page_of('markdown')
check(lines(report.buffer)[1]:find('^# '), 'the report is Markdown')
check(table.concat(lines(report.buffer), '\n'):find('/admin/', 1, true), 'and has the dead location')
vim.api.nvim_win_close(report.window, true)
local opened
local open = vim.ui.open
vim.ui.open = function(file)
  opened = file
end
check(said(function()
  vim.cmd('NginxAnalyzer report html')
end, 'the report as HTML is announced'):find('the report is in /', 1, true), 'with its path')
vim.ui.open = open
check(opened and vim.fn.readfile(opened)[1]:lower():find('^<!doctype html'), 'and handed to the browser')

-- The map.
vim.api.nvim_set_current_win(window)
vim.cmd('NginxAnalyzer map')
local map = page_of('nginx-analyzer-map')
check(vim.api.nvim_get_current_win() == map.window, 'the cursor is in the map')
local dead = line_with('/admin/', map.buffer)
for number, line in ipairs(lines(map.buffer)) do
  if line:find('✗', 1, true) then
    dead = number
  end
end
check(lines(map.buffer)[dead]:find('✗ .*/admin/'), 'the dead location is marked')
check(vim.fn.foldlevel(dead) > 0, 'it can be folded away')
vim.api.nvim_win_set_cursor(0, { dead, 0 })
vim.cmd('normal K')
eventually(function()
  return vim.b[map.buffer].lsp_floating_preview
end, 'K says why')
vim.cmd(('normal %dG\r'):format(dead))
check(vim.api.nvim_get_current_buf() == buffer and vim.api.nvim_win_get_cursor(0)[1] == 548, '<CR> goes to the location')
vim.api.nvim_win_close(map.window, true)

-- Everything in one text.
vim.cmd('NginxAnalyzer effective')
local effective = page_of('nginx-analyzer-effective')
check(#vim.lsp.get_clients({ bufnr = effective.buffer }) == 0, 'no server reads that page')
vim.api.nvim_win_set_cursor(effective.window, { line_with('location /admin/ {', effective.buffer), 0 })
vim.cmd('normal gf')
check(vim.api.nvim_get_current_buf() == buffer and vim.api.nvim_win_get_cursor(0)[1] == 548, 'gf goes to where a line comes from')
vim.api.nvim_win_close(effective.window, true)

-- A clean-up: shown, asked for, made by the editor; and taken back, letter for letter.
vim.api.nvim_set_current_win(window)
local text = lines()
vim.cmd('NginxAnalyzer cleanup plan')
local plan = page_of('diff')
check(table.concat(lines(plan.buffer), '\n'):find('location /admin/', 1, true), 'the plan has the dead location')
check(vim.deep_equal(lines(buffer), text), 'and changes nothing')
vim.api.nvim_win_close(plan.window, true)
local select, asked, choice = vim.ui.select, {}, 2
vim.ui.select = function(items, options, done)
  asked[#asked + 1] = options.prompt
  done(items[choice])
end
vim.cmd('NginxAnalyzer cleanup apply')
eventually(function()
  return #asked == 1
end, 'before a clean-up is made, it is asked for')
same(asked[1], 'nginx-analyzer: cleanup apply, as shown?', 'in these words')
choice = 1
vim.cmd('NginxAnalyzer cleanup apply')
eventually(function()
  return table.concat(lines(buffer), '\n'):find('# nginx-analyzer: off since', 1, true)
end, 'it comments out with a dated line')
same(#vim.fn.glob('*.backup_before_cleanup_*', false, true), 1, 'the backup is beside the file, and "no" made none')
vim.cmd('silent write')
vim.cmd('NginxAnalyzer cleanup restore')
eventually(function()
  return vim.deep_equal(lines(buffer), text)
end, 'restore brings it back, letter for letter')
vim.cmd('silent write')
vim.ui.select = select
same(said(function()
  vim.cmd('NginxAnalyzer cleanup sweep')
end, 'a step that is none is answered'), 'nginx-analyzer: cleanup takes one of plan, apply, status, restore, finish', 'with the steps')

local status = said(function()
  vim.cmd('NginxAnalyzer status')
end, 'status is said')
note(status)
check(status:find('^nginx%-analyzer') and status:find('/project/gateway, 1 file', 1, true), 'with version, folder and number of files')
check(require('nginx_analyzer').statusline(buffer):find('^nginx'), 'and in short for a status line')
