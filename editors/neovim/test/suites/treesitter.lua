--- The grammar and its queries, compiled and loaded as README.md says.

without_server()

local parser = vim.fn.stdpath('data') .. '/site/parser/nginx_conf.so'
vim.fn.mkdir(vim.fs.dirname(parser), 'p')
local source = vim.env.ROOT .. '/grammar/src'
if vim.fn.executable('cc') == 0 then
  note('skipped: no C compiler')
  return
end
local built = vim.system({ 'cc', '-shared', '-fPIC', '-O1', '-I', source, source .. '/parser.c', source .. '/scanner.c', '-o', parser }):wait()
check(built.code == 0, 'the grammar is compiled: ' .. built.stderr)

vim.cmd.edit('nginx.conf')
local buffer = vim.api.nvim_get_current_buf()
vim.treesitter.language.register('nginx_conf', 'nginx')
vim.treesitter.start(buffer)
same(vim.treesitter.language.get_lang('nginx'), 'nginx_conf', 'files of type nginx have our language')
local tree = vim.treesitter.get_parser(buffer)
same(tree:lang(), 'nginx_conf', 'the parser is ours')
local root = tree:parse(true)[1]:root()
same(root:type(), 'source_file', 'it parses the example')
check(not root:has_error(), 'without an error')
same(select(3, root:range()), #lines(), 'to its end')

--- The captures of a query, as `name text`.
local function captures(name)
  local query = vim.treesitter.query.get('nginx_conf', name)
  check(query, ('queries/%s.scm fits'):format(name))
  local found, number = {}, 0
  for id, node in query:iter_captures(root, buffer) do
    local capture = query.captures[id]
    if capture:sub(1, 1) ~= '_' then
      found[('%s %s'):format(capture, vim.split(vim.treesitter.get_node_text(node, buffer), '\n')[1])] = true
      number = number + 1
    end
  end
  note(('%d captures'):format(number))
  return found
end

local highlights = captures('highlights')
for _, wanted in ipairs({ 'keyword location', 'string /admin/', 'operator ~', 'string.regexp ^/(ui|admin)', 'variable $host', 'punctuation.bracket {', 'boolean on' }) do
  check(highlights[wanted], wanted)
end
check(next(captures('folds')), 'there is something to fold')
check(captures('indents')['indent.end }'], 'and to indent')
check(captures('locals')['local.definition.namespace litellm_backend'], 'names are defined')
check(captures('tags')['name /admin/'], 'locations have names')
check(next(captures('injections')), 'Lua is found')

-- What a person sees: the colours at a place, the tree beside the text, folds.
local number = line_with('location ~ ^/(ui|admin)')
local column = assert(lines()[number]:find('^/(ui', 1, true))
local seen = vim.tbl_map(function(one)
  return one.capture
end, vim.treesitter.get_captures_at_pos(buffer, number - 1, column))
check(vim.list_contains(seen, 'string.regexp'), 'the regex has its colour')
local lua = line_with('content_by_lua_block')
local injected = vim.treesitter.get_parser(buffer):children().lua
check(injected, 'the Lua code has a tree of its own')
note(('%d blocks of Lua, the first begins on line %d'):format(#injected:trees(), lua))
vim.cmd('InspectTree')
check(vim.bo.filetype == 'query' and table.concat(lines(), '\n'):find('block_directive', 1, true), ':InspectTree shows it')
vim.cmd.close()
vim.wo.foldmethod = 'expr'
vim.wo.foldexpr = 'v:lua.vim.treesitter.foldexpr()'
eventually(function()
  vim.cmd('normal! zx')
  return vim.fn.foldlevel(line_with('location /admin/ {')) > 0
end, 'blocks fold')
