--- :NginxAnalyzer trace [METHOD] URL: which location serves it.

local client_of = require('nginx_analyzer.client')
local page = require('nginx_analyzer.page')

local shown = vim.api.nvim_create_namespace('nginx_analyzer_trace')
local last = ''

--- What stands behind the location's line: the answer of the first hop, and where the request goes on.
local function in_place(trace)
  local parts = {}
  for index, hop in ipairs(trace.hops) do
    local block = ('%s %s'):format(hop.method, hop.target)
    if index > 1 then
      block = type(hop.location) == 'table' and 'location ' .. hop.location.name or ''
    end
    parts[#parts + 1] = hop.answer ~= '' and block ~= '' and block .. ': ' .. hop.answer or block .. hop.answer
  end
  return '← ' .. table.concat(parts, ' → ') .. (#trace.branches > 0 and ' (it depends)' or '')
end

local function mark(place, text)
  local buffer = vim.uri_to_bufnr(place.uri)
  vim.api.nvim_buf_clear_namespace(buffer, shown, 0, -1)
  vim.api.nvim_buf_set_extmark(buffer, shown, place.range.start.line, 0, { virt_text = { { text, 'LspCodeLens' } } })
  -- What was asked holds for the text as it was.
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI' }, {
    buffer = buffer,
    once = true,
    callback = function()
      vim.api.nvim_buf_clear_namespace(buffer, shown, 0, -1)
    end,
  })
end

local function trace(typed)
  last = vim.trim(typed)
  local client, buffer = client_of.current()
  if not client then
    return
  end
  local window = vim.fn.bufwinid(buffer)
  local method, url = last:match('^(%u+)%s+(%S.*)$')
  local argument = { url = url or last, method = method }
  if window ~= -1 then
    -- A path without a host is asked of the server where the cursor is.
    argument.position = vim.lsp.util.make_position_params(window, client.offset_encoding).position
  end
  client_of.execute(client, buffer, 'trace', argument, function(result)
    if window ~= -1 and vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
    end
    if type(result.location) == 'table' then
      vim.lsp.util.show_document(result.location, client.offset_encoding, { focus = true })
      mark(result.location, in_place(result))
    end
    page.open(result.text, {
      source = buffer,
      encoding = client.offset_encoding,
      filetype = 'nginx-analyzer-trace',
      places = page.places(result.links),
    })
  end)
end

--- Asks for the URL when none is given.
return function(typed)
  if typed ~= '' then
    return trace(typed)
  end
  vim.ui.input({ prompt = 'Which location serves: ', default = last }, function(answer)
    if answer and vim.trim(answer) ~= '' then
      trace(answer)
    end
  end)
end
