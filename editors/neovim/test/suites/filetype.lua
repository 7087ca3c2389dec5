--- Every pattern of the extension for VS Code is nginx here too, and other programs' files stay what they are.

without_server()

local NGINX = { 'server {', '    listen 80;', '}' }
local APACHE = { '<VirtualHost *:80>', '    ServerName a.example', '</VirtualHost>' }
local FONTS = { '<?xml version="1.0"?>', '<fontconfig></fontconfig>' }
local SUPERVISOR = { '[program:web]', 'command=/usr/bin/web' }

local function filetype(path, text)
  path = vim.fs.joinpath(vim.fn.getcwd(), path)
  vim.fn.mkdir(vim.fs.dirname(path), 'p')
  vim.fn.writefile(text, path)
  vim.cmd.edit(vim.fn.fnameescape(path))
  local found = vim.bo.filetype
  vim.cmd.bwipeout()
  return found
end

local package = vim.json.decode(table.concat(vim.fn.readfile(vim.env.ROOT .. '/editors/vscode/package.json'), '\n'))
local language = package.contributes.languages[1]
local paths = vim.list_extend({}, language.filenames or {})
for _, extension in ipairs(language.extensions or {}) do
  paths[#paths + 1] = 'site' .. extension
end
--- Every file that a pattern means: of {a,b} each, ** a folder, * a word.
local function meant(pattern)
  local before, choice, after = pattern:match('^(.-){([^}]*)}(.*)$')
  if not choice then
    return { (pattern:gsub('%*%*/', 'srv/'):gsub('%*%*', 'srv'):gsub('%*', 'shop'):gsub('^/', '')) }
  end
  local found = {}
  for one in vim.gsplit(choice, ',') do
    vim.list_extend(found, meant(before .. one .. after))
  end
  return found
end
for _, pattern in ipairs(language.filenamePatterns or {}) do
  vim.list_extend(paths, meant(pattern))
end
check(#paths > 5, 'the extension has patterns')
for index, path in ipairs(paths) do
  same(filetype(('vscode-%d/%s'):format(index, path), NGINX), 'nginx', path)
end

for path, text in pairs({
  ['a/conf.d/shop.conf'] = NGINX,
  ['b/conf.d/proxy.conf.template'] = { '# of the proxy', 'proxy_set_header Host $host;' },
  ['c/sites-enabled/shop'] = { 'include snippets/shop.conf;' },
}) do
  same(filetype(path, text), 'nginx', path)
end
for path, text in pairs({
  ['d/conf.d/10-hinting.conf'] = FONTS,
  ['e/conf.d/web.conf'] = SUPERVISOR,
  ['f/sites-available/000-default.conf'] = APACHE,
  ['g/postgresql.conf'] = { 'ssl_ciphers = HIGH', 'port = 5432' },
  ['h/conf.d/10-ssl.conf'] = { 'ssl = required', 'ssl_cert = </etc/dovecot/dovecot.pem' },
}) do
  check(filetype(path, text) ~= 'nginx', path .. ' is none')
end

-- The same list that the other editors are held against.
local listed = 0
for line in io.lines(vim.env.ROOT .. '/editors/test/names.tsv') do
  local kind, _, path, text = unpack(vim.split(line, '\t'))
  if text then
    listed = listed + 1
    check((filetype('listed/' .. path, vim.split(text, '\\n')) == 'nginx') == (kind == 'nginx'), ('%s: %s'):format(kind, path))
  end
end
check(listed > 30, 'the list was read')
