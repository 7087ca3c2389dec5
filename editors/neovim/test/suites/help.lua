--- The help, and :checkhealth.

-- As an installer of plug-ins does; the tags stay out of the folder that is under test.
local doc = vim.fn.tempname()
vim.fn.mkdir(doc .. '/doc', 'p')
local page = vim.api.nvim_get_runtime_file('doc/nginx-analyzer.txt', false)[1]
vim.uv.fs_copyfile(page, doc .. '/doc/nginx-analyzer.txt')
vim.cmd.helptags(doc .. '/doc')
local tags = {}
for _, line in ipairs(vim.fn.readfile(doc .. '/doc/tags')) do
  tags[line:match('^[^\t]+')] = true
end
vim.opt.runtimepath:prepend(doc)
for _, name in ipairs(vim.fn.getcompletion('NginxAnalyzer ', 'cmdline')) do
  check(tags[':NginxAnalyzer-' .. name], (':help :NginxAnalyzer-%s'):format(name))
  vim.cmd.help(':NginxAnalyzer-' .. name)
end
local text = table.concat(vim.fn.readfile(page), '\n')
for link in text:gmatch('|([^|%s]+)|') do
  check(tags[link] or pcall(vim.cmd.help, link), ('|%s| leads somewhere'):format(link))
end
for number, line in ipairs(vim.fn.readfile(page)) do
  if vim.fn.strdisplaywidth(line) > 78 then
    check(false, ('line %d of the help is not wider than 78 columns'):format(number))
  end
end
vim.cmd.helpclose()

local function health()
  vim.cmd('checkhealth nginx_analyzer')
  local all = eventually(function()
    local all = table.concat(lines(), '\n')
    return all:find('nginx%-analyzer', 1) and all:find('tree%-sitter') and all
  end, ':checkhealth answers')
  vim.cmd.bwipeout({ bang = true })
  return all
end

local found = health()
check(found:find('OK [^\n]*nginx%-analyzer: nginx%-analyzer %d'), 'it names the program and its version')
check(found:find('it starts with the first file of type nginx', 1, true), 'and that no server runs yet')
check(not found:find('ERROR'), 'and finds no fault')
vim.cmd.edit('nginx.conf')
attached()
found = health()
check(found:find('OK nginx%-analyzer[^\n]*: ready, ') or found:find('OK nginx%-analyzer[^\n]*: working, '), 'then it names the server that runs')
vim.env.PATH = vim.fn.tempname()
check(health():find('ERROR there is no program `nginx%-analyzer`'), 'a program that is missing is an error')
