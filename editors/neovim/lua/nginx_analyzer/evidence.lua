--- :NginxAnalyzer evidence: everything that shows who uses the location at the cursor, as a list to jump through.

local client_of = require('nginx_analyzer.client')

--- The header of the location around the cursor, by indentation: the server takes its line, not one of the body.
local function header(buffer, row)
  local lines = vim.api.nvim_buf_get_lines(buffer, 0, row + 1, true)
  local depth = #lines[row + 1]:match('^%s*')
  for number = #lines, 1, -1 do
    local line = lines[number]
    local indent = #line:match('^%s*')
    if line:find('%S') and (number == #lines or indent < depth) then
      if line:find('^%s*location%s') then
        return number - 1, indent
      end
      depth = math.min(depth, indent)
    end
  end
end

return function()
  local client, buffer = client_of.current()
  if not client then
    return
  end
  local window = vim.fn.bufwinid(buffer)
  local row, column
  if window ~= -1 then
    row, column = header(buffer, vim.api.nvim_win_get_cursor(window)[1] - 1)
  end
  if not row then
    return client_of.say('put the cursor into a location', vim.log.levels.WARN)
  end
  -- Blanks only stand before it, so bytes are characters in every encoding.
  local argument = { uri = vim.uri_from_bufnr(buffer), position = { line = row, character = column } }
  local command = { title = '', command = 'nginx-analyzer.evidence', arguments = { argument } }
  client.commands[command.command](command, { client_id = client.id, bufnr = buffer })
end
