--- Which files are nginx's, beside those that Neovim knows by itself. VS Code's extension takes the same.

local EXAMINED = 200

--- Names that only nginx's directives begin with, before a blank or `{`.
local BLOCKS = { server = true, upstream = true, location = true, map = true, geo = true, split_clients = true, types = true, http = true, stream = true }
local PREFIXES = { 'proxy_', 'fastcgi_', 'uwsgi_', 'grpc_', 'ssl_', 'gzip', 'client_', 'limit_', 'log_format', 'access_log', 'add_header', 'server_', 'keepalive_', 'resolver', 'lua_', 'js_' }

--- `true` for nginx's language, `false` for another's, `nil` where the text does not tell.
local function told_by_text(buffer)
  for _, line in ipairs(buffer and vim.api.nvim_buf_get_lines(buffer, 0, EXAMINED, false) or {}) do
    local word, rest = line:match('^%s*([%a_]+)%s*(.*)$')
    -- Apache and XML, Supervisor; FreeRADIUS gives its servers names.
    if line:find('^%s*<') or line:find('^%s*%[') or (word == 'server' and rest:find('^[^;{]+{')) then
      return false
    end
    if word and BLOCKS[word] and rest:find('{') then
      return true
    end
    for _, prefix in ipairs(word and rest:find(';') and PREFIXES or {}) do
      if vim.startswith(word, prefix) then
        return true
      end
    end
  end
end

--- A folder that other programs have too: only what reads like nginx.
local function by_text(_, buffer)
  return told_by_text(buffer) and 'nginx' or nil
end

--- A folder that is nginx's as a rule, and Apache's sometimes.
local function unless_other(_, buffer)
  return told_by_text(buffer) ~= false and 'nginx' or nil
end

local patterns = {
  ['nginx%.conf%.default'] = 'nginx',
  ['nginx.*%.conf%.template'] = 'nginx',
  ['.*%.nginx%.conf%.template'] = 'nginx',
  ['.*/sites%-available/.*'] = unless_other,
  ['.*/sites%-enabled/.*'] = unless_other,
  ['.*/conf%.d/.*%.conf'] = by_text,
  ['.*/conf%.d/.*%.conf%.template'] = by_text,
}
for _, tree in ipairs({ '.*/nginx/', '.*/openresty/' }) do
  for _, ending in ipairs({ '%.conf', '%.conf%.default', '%.conf%.template', '%.conf%.tmpl' }) do
    patterns[tree .. '.*' .. ending] = 'nginx'
  end
  for _, name in ipairs({ 'fastcgi_params', 'proxy_params', 'scgi_params', 'uwsgi_params', 'mime%.types', 'koi%-utf', 'koi%-win', 'win%-utf' }) do
    patterns[tree .. '.*' .. name] = 'nginx'
  end
  for _, folder in ipairs({ 'sites%-available', 'sites%-enabled', 'servers' }) do
    patterns[tree .. folder .. '/.*'] = unless_other
    patterns[tree .. '.*/' .. folder .. '/.*'] = unless_other
  end
end

vim.filetype.add({ extension = { nginxconf = 'nginx' }, pattern = patterns })
