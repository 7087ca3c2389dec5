--- The queries fit the grammar and find what they are for: queries.lua FOLDER PARSER CONFIGURATION

local folder, parser, configuration = unpack(arg)
vim.treesitter.language.add('nginx_conf', { path = parser })
local source = table.concat(vim.fn.readfile(configuration), '\n') .. '\n'
local tree = vim.treesitter.get_string_parser(source, 'nginx_conf'):parse()[1]

--- Of each capture's name the texts that it has.
local function captured(name)
  local query = vim.treesitter.query.parse('nginx_conf', table.concat(vim.fn.readfile(('%s/%s.scm'):format(folder, name)), '\n'))
  local found = {}
  for id, node in query:iter_captures(tree:root(), source) do
    local texts = found[query.captures[id]] or {}
    texts[vim.treesitter.get_node_text(node, source)] = true
    found[query.captures[id]] = texts
  end
  return found
end

local failed = false
for name, wanted in pairs({
  highlights = {
    { 'keyword', 'location' },
    { 'keyword', 'content_by_lua_block' },
    { 'string', '/admin/' },
    { 'string.regex', '^/(ui|admin)' },
    { 'operator', '~' },
    { 'variable', '$host' },
    { 'boolean', 'off' },
    { 'number', '10s' },
  },
  brackets = { { 'open', '{' }, { 'close', '}' } },
  indents = { { 'end', '}' } },
  outline = { { 'name', '/admin/' }, { 'context', 'location' }, { 'name', 'openresty_internal' }, { 'name', 'gateway.example.com' } },
  injections = {},
  textobjects = {},
}) do
  local found = captured(name)
  for _, pair in ipairs(wanted) do
    local right = found[pair[1]] and found[pair[1]][pair[2]]
    failed = failed or not right
    print(('%s%s: %s is a %s'):format(right and 'ok   ' or 'FAIL ', name, pair[2], pair[1]))
  end
  if #wanted == 0 then
    failed = failed or vim.tbl_isempty(found)
    print((vim.tbl_isempty(found) and 'FAIL ' or 'ok   ') .. name .. ' finds something')
  end
end
os.exit(failed and 1 or 0)
