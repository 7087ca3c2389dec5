--- :NginxAnalyzer map: the gateway as a tree: server, location, upstream, route, with hits and verdicts.

local client_of = require('nginx_analyzer.client')
local page = require('nginx_analyzer.page')

local VERDICTS = {
  ['in-use'] = { sign = '●', group = 'DiagnosticOk' },
  ['probably-unused'] = { sign = '○', group = 'DiagnosticWarn' },
  ['to-check'] = { sign = '?', group = 'DiagnosticInfo' },
  dead = { sign = '✗', group = 'DiagnosticError' },
}
local colours = vim.api.nvim_create_namespace('nginx_analyzer_map')

--- JSON's null is a value of its own here.
local function known(value)
  return value ~= vim.NIL and value or nil
end

--- The lines of the tree, from top to bottom: `{ text, place, verdict, why }`.
local function lines_of(map)
  local labels, moves, lines = {}, {}, {}
  local function name(nodes)
    for _, node in ipairs(nodes) do
      labels[node.id] = { label = node.label, place = known(node.place) }
      name(node.children)
    end
  end
  name(map.nodes)
  for _, link in ipairs(map.links) do
    moves[link.from] = moves[link.from] or {}
    table.insert(moves[link.from], link)
  end
  local function draw(nodes, depth)
    local indent = ('  '):rep(depth)
    for _, node in ipairs(nodes) do
      local verdict = VERDICTS[known(node.verdict) or '']
      local parts = { indent .. (verdict and verdict.sign or '·') .. ' ' .. node.label }
      if known(node.hits) then
        parts[#parts + 1] = ('%d %s'):format(node.hits, node.hits == 1 and 'hit' or 'hits')
      end
      if node.detail ~= '' then
        parts[#parts + 1] = node.detail
      end
      lines[#lines + 1] = { text = table.concat(parts, '  '), place = known(node.place), verdict = verdict, why = node.why, indent = #indent }
      for _, link in ipairs(moves[node.id] or {}) do
        local target = labels[link.to]
        if target then
          local text = ('%s  ↪ %s: %s'):format(indent, link.label, target.label)
          lines[#lines + 1] = { text = text, place = target.place, why = {}, indent = #indent + 2 }
        end
      end
      draw(node.children, depth + 1)
    end
  end
  draw(map.nodes, 0)
  return lines
end

return function()
  local client, buffer = client_of.current()
  if not client then
    return
  end
  client_of.execute(client, buffer, 'map', {}, function(map)
    local text = { '# ' .. map.configuration, known(map.note) and '# ' .. map.note }
    local above = #text
    local lines = lines_of(map)
    local places = {}
    for number, line in ipairs(lines) do
      text[above + number] = line.text
      places[above + number - 1] = line.place
    end
    local window, opened = page.open(table.concat(text, '\n'), {
      source = buffer,
      encoding = client.offset_encoding,
      filetype = 'nginx-analyzer-map',
      places = places,
      focus = true,
    })
    for number, line in ipairs(lines) do
      if line.verdict then
        local sign = { end_col = line.indent + #line.verdict.sign, hl_group = line.verdict.group }
        vim.api.nvim_buf_set_extmark(opened, colours, above + number - 1, line.indent, sign)
      end
    end
    for number = 0, above - 1 do
      vim.api.nvim_buf_set_extmark(opened, colours, number, 0, { end_row = number + 1, hl_group = 'Comment' })
    end
    -- `za` closes and opens what is below a line.
    vim.bo[opened].shiftwidth = 2
    vim.wo[window][0].foldmethod = 'indent'
    vim.wo[window][0].foldlevel = 99
    vim.keymap.set('n', 'K', function()
      local line = lines[vim.api.nvim_win_get_cursor(0)[1] - above]
      if line and #line.why > 0 then
        vim.lsp.util.open_floating_preview(line.why, 'plaintext', { wrap = true })
      end
    end, { buffer = opened, desc = 'Why it is thought so' })
  end)
end
