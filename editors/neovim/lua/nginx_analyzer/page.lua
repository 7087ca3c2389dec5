--- Pages: text of the server in a window of its own, read-only, with lines that lead somewhere.

local M = {}

--- Opens `text` in a window below and returns the window and the buffer. `page` has
---   source    the buffer that was asked about: places open in a window that shows it
---   encoding  in which its positions count
---   filetype  of the page
---   places    where a line leads to, by its number from 0: `gf` and <CR> go there
function M.open(text, page)
  local from = vim.api.nvim_get_current_win()
  local buffer = vim.api.nvim_create_buf(false, true)
  local lines = vim.split(text, '\n')
  if lines[#lines] == '' then
    lines[#lines] = nil
  end
  vim.api.nvim_buf_set_lines(buffer, 0, -1, true, lines)
  vim.bo[buffer].modifiable = false
  vim.bo[buffer].bufhidden = 'wipe'
  vim.b[buffer].nginx_analyzer_source = page.source
  vim.bo[buffer].filetype = page.filetype
  local height = math.max(3, math.min(#lines + 1, math.floor(vim.o.lines / 2)))
  local window = vim.api.nvim_open_win(buffer, page.focus == true, { split = 'below', win = from, height = height })
  vim.wo[window].wrap = false
  local function go()
    local place = (page.places or {})[vim.api.nvim_win_get_cursor(0)[1] - 1]
    if not place then
      return
    end
    if vim.api.nvim_win_is_valid(from) then
      vim.api.nvim_set_current_win(from)
    end
    vim.lsp.util.show_document(place, page.encoding, { focus = true })
  end
  for _, key in ipairs({ 'gf', '<CR>' }) do
    vim.keymap.set('n', key, go, { buffer = buffer, desc = 'Go to the line that is named here' })
  end
  vim.keymap.set('n', 'q', '<C-w>c', { buffer = buffer, desc = 'Close this page' })
  return window, buffer
end

--- The places of `{ range, target }`, by the line of their range.
function M.places(links)
  local places = {}
  for _, link in ipairs(links) do
    local line = link.range.start.line
    places[line] = places[line] or link.target
  end
  return places
end

return M
