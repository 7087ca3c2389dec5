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
for _, pattern in ipairs(language.filenamePatterns or {}) do
  -- A file that the pattern means: {a,b} is a, ** a folder, * a word.
  local path = pattern:gsub('{([^,}]*)[^}]*}', '%1'):gsub('%*%*/', 'srv/'):gsub('%*%*', 'srv'):gsub('%*', 'shop'):gsub('^/', '')
  paths[#paths + 1] = path
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
