--- Hover, definition, completion, the line above a location.

vim.cmd.edit('nginx.conf')
local client = attached()

--- The cursor on `word` in the first line that has `text`.
local function at(text, word)
  local number = line_with(text)
  vim.api.nvim_win_set_cursor(0, { number, (assert(lines()[number]:find(word, 1, true))) })
  return number
end

at('location /admin/ {', '/admin/')
vim.lsp.buf.hover()
local hover = eventually(function()
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      return table.concat(lines(vim.api.nvim_win_get_buf(window)), '\n')
    end
  end
end, 'K opens a float')
check(hover:find('/admin/', 1, true), 'it is about the location')
vim.cmd.fclose()

at('proxy_pass http://litellm_backend/;', 'litellm_backend')
vim.lsp.buf.definition()
eventually(function()
  return vim.api.nvim_win_get_cursor(0)[1] == line_with('upstream litellm_backend')
end, 'the definition of an upstream is its block')

local number = at('location /admin/ {', '{')
vim.api.nvim_buf_set_lines(0, number, number, true, { '            proxy_conn' })
vim.api.nvim_win_set_cursor(0, { number + 1, 21 })
local position = vim.lsp.util.make_position_params(0, client.offset_encoding)
position.position.character = 22
local answer = ask(client, 'textDocument/completion', position)
local labels = vim.tbl_map(function(item)
  return item.label
end, answer.items or answer)
check(vim.list_contains(labels, 'proxy_connect_timeout'), 'completion offers proxy_connect_timeout')
vim.cmd('silent undo')

-- The lines above locations, asked for as a person turns them on.
local lens = eventually(function()
  for _, one in ipairs(lenses()) do
    if one.command and one.command.title:find('hit') then
      return one
    end
  end
end, 'a line above a location says how many requests came')
note(lens.command.title)
vim.api.nvim_win_set_cursor(0, { lens.range.start.line + 1, lens.range.start.character })
vim.lsp.codelens.run()
eventually(function()
  return vim.fn.getloclist(0, { size = 0 }).size > 0
end, 'a click on it lists the places')
same(vim.fn.getloclist(0, { title = 0 }).title, lens.command.title, 'under its own words')
