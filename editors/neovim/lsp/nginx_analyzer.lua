--- Read by `vim.lsp.enable('nginx_analyzer')`: Neovim looks for lsp/<name>.lua in every folder of 'runtimepath'.
--- `vim.lsp.config('nginx_analyzer', { ... })` in your own configuration changes what is said here.

local REFRESH = 'workspace/diagnostic/refresh'

--- Something changed beside the open files: asks for their findings again.
--- Neovim 0.12 itself asks for those of the whole workspace then, but takes nothing for open buffers from the answer.
local function refresh(err, result, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  local provider = client and client.server_capabilities.diagnosticProvider
  if client and provider then
    for buffer in pairs(client.attached_buffers) do
      local params = { identifier = provider.identifier, textDocument = { uri = vim.uri_from_bufnr(buffer) } }
      client:request('textDocument/diagnostic', params, nil, buffer)
    end
  end
  return vim.lsp.handlers[REFRESH](err, result, ctx)
end

local NAME = 'nginx_analyzer'
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

--- Opens the location with the answer behind it, and the whole way below: there `gf` or <CR> on a file goes to it.
local function show(client, trace)
  local encoding = client.offset_encoding
  if type(trace.location) == 'table' then
    vim.lsp.util.show_document(trace.location, encoding, { focus = true })
    local buffer = vim.uri_to_bufnr(trace.location.uri)
    vim.api.nvim_buf_clear_namespace(buffer, shown, 0, -1)
    vim.api.nvim_buf_set_extmark(buffer, shown, trace.location.range.start.line, 0, { virt_text = { { in_place(trace), 'LspCodeLens' } } })
    -- What was asked holds for the text as it was.
    vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI' }, {
      buffer = buffer,
      once = true,
      callback = function()
        vim.api.nvim_buf_clear_namespace(buffer, shown, 0, -1)
      end,
    })
  end
  local page = vim.api.nvim_create_buf(false, true)
  local lines = vim.split(trace.text, '\n', { trimempty = true })
  vim.api.nvim_buf_set_lines(page, 0, -1, true, lines)
  vim.bo[page].modifiable = false
  vim.bo[page].bufhidden = 'wipe'
  vim.bo[page].filetype = 'nginx-analyzer-trace'
  local from = vim.api.nvim_get_current_win()
  vim.api.nvim_open_win(page, false, { split = 'below', win = from, height = math.min(#lines + 1, math.floor(vim.o.lines / 2)) })
  local function go()
    local row = vim.api.nvim_win_get_cursor(0)[1] - 1
    for _, link in ipairs(trace.links) do
      if link.range.start.line == row then
        if vim.api.nvim_win_is_valid(from) then
          vim.api.nvim_set_current_win(from)
        end
        return vim.lsp.util.show_document(link.target, encoding, { focus = true })
      end
    end
  end
  vim.keymap.set('n', 'gf', go, { buffer = page, desc = 'Go to the line that is named here' })
  vim.keymap.set('n', '<CR>', go, { buffer = page, desc = 'Go to the line that is named here' })
end

local function trace(typed)
  last = vim.trim(typed)
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = buffer, name = NAME })[1] or vim.lsp.get_clients({ name = NAME })[1]
  if not client then
    return vim.notify('nginx-analyzer: open a configuration first', vim.log.levels.WARN)
  end
  if not client.attached_buffers[buffer] then
    buffer = next(client.attached_buffers) or buffer
  end
  local window = vim.fn.bufwinid(buffer)
  local method, url = last:match('^(%u+)%s+(%S.*)$')
  local argument = { uri = vim.uri_from_bufnr(buffer), url = url or last, method = method }
  if window ~= -1 then
    argument.position = vim.lsp.util.make_position_params(window, client.offset_encoding).position
  end
  client:request('workspace/executeCommand', { command = 'nginx-analyzer.trace', arguments = { argument } }, function(err, result)
    if err then
      return vim.notify('nginx-analyzer: ' .. err.message, vim.log.levels.ERROR)
    end
    if window ~= -1 and vim.api.nvim_win_is_valid(window) then
      vim.api.nvim_set_current_win(window)
    end
    show(client, result)
  end, buffer)
end

--- What is behind the line above a location (`vim.lsp.codelens.run()`): everything that shows who uses it, as a list to jump through.
local function evidence(command, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  if not client then
    return
  end
  local params = { command = command.command, arguments = command.arguments }
  client:request('workspace/executeCommand', params, function(err, result)
    if err then
      return vim.notify('nginx-analyzer: ' .. err.message, vim.log.levels.ERROR)
    end
    if type(result) ~= 'table' then
      return vim.notify('nginx-analyzer: nothing is known of this location any more')
    end
    if #result.locations == 0 then
      return vim.notify(result.title .. '\n' .. table.concat(result.details, '\n'))
    end
    vim.fn.setloclist(0, {}, ' ', { title = result.title, items = vim.lsp.util.locations_to_items(result.locations, client.offset_encoding) })
    vim.cmd.lopen()
  end, ctx.bufnr)
end

--- A page of its own below: what a clean-up would do, or what waits.
local function page_of(text, filetype)
  local page = vim.api.nvim_create_buf(false, true)
  local lines = vim.split(text, '\n', { trimempty = true })
  vim.api.nvim_buf_set_lines(page, 0, -1, true, lines)
  vim.bo[page].modifiable = false
  vim.bo[page].bufhidden = 'wipe'
  vim.bo[page].filetype = filetype
  return vim.api.nvim_open_win(page, false, { split = 'below', win = 0, height = math.min(#lines + 1, math.floor(vim.o.lines / 2)) })
end

local STEPS = { 'plan', 'apply', 'status', 'restore', 'finish' }

--- :NginxAnalyzer cleanup plan|apply|status|restore [ID]|finish. What changes something is shown first, and asked for.
local function cleanup(typed)
  local step, id = typed:match('^(%S+)%s*(%S*)$')
  if not vim.list_contains(STEPS, step) then
    return vim.notify('nginx-analyzer: cleanup takes one of ' .. table.concat(STEPS, ', '), vim.log.levels.ERROR)
  end
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = buffer, name = NAME })[1]
  if not client then
    return vim.notify('nginx-analyzer: open a configuration first', vim.log.levels.WARN)
  end
  local function ask(name, more, done)
    local argument = vim.tbl_extend('force', { uri = vim.uri_from_bufnr(buffer), id = id ~= '' and id or nil }, more)
    client:request('workspace/executeCommand', { command = 'nginx-analyzer.cleanup.' .. name, arguments = { argument } }, function(err, result)
      if err then
        return vim.notify('nginx-analyzer: ' .. err.message, vim.log.levels.ERROR)
      end
      if done then
        done(result)
      end
    end, buffer)
  end
  if step == 'plan' or step == 'status' then
    return ask(step, {}, function(result)
      page_of(result.text, 'diff')
    end)
  end
  ask(step == 'apply' and 'plan' or step, { dryRun = true }, function(result)
    local changes = result.blocks or vim.list_extend(vim.list_extend({}, result.changed), result.brought_back)
    local page = page_of(result.text ~= '' and result.text or 'Nothing to do.', 'diff')
    if #changes == 0 then
      return
    end
    vim.ui.select({ 'yes', 'no' }, { prompt = ('nginx-analyzer: cleanup %s, as shown?'):format(step) }, function(choice)
      if vim.api.nvim_win_is_valid(page) then
        vim.api.nvim_win_close(page, true)
      end
      if choice == 'yes' then
        ask(step, {})
      end
    end)
  end)
end

--- :NginxAnalyzer trace [METHOD] URL: which location serves it. Asks when no URL is given.
vim.api.nvim_create_user_command('NginxAnalyzer', function(call)
  local command, rest = call.args:match('^(%S+)%s*(.*)$')
  if command == 'cleanup' then
    return cleanup(rest)
  end
  if command ~= 'trace' then
    return vim.notify(('nginx-analyzer: there is no command `%s`; there are `trace` and `cleanup`'):format(command), vim.log.levels.ERROR)
  end
  if rest ~= '' then
    return trace(rest)
  end
  vim.ui.input({ prompt = 'Which location serves: ', default = last }, function(typed)
    if typed and vim.trim(typed) ~= '' then
      trace(typed)
    end
  end)
end, {
  nargs = '+',
  desc = 'nginx-analyzer: trace URL, cleanup STEP',
  complete = function(_, line)
    if line:match('^%s*NginxAnalyzer%s+cleanup%s+%S*$') then
      return STEPS
    end
    return line:match('^%s*NginxAnalyzer%s+%S*$') and { 'cleanup', 'trace' } or {}
  end,
})

---@type vim.lsp.Config
return {
  cmd = { 'nginx-analyzer', 'lsp' },
  filetypes = { 'nginx' },
  -- In order: a folder that says how the project is laid out goes before the one where the configuration lies.
  root_markers = {
    'nginx-analyzer.toml',
    { 'compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml' },
    'nginx.conf',
    '.git',
  },
  handlers = { [REFRESH] = refresh },
  commands = { ['nginx-analyzer.evidence'] = evidence },
}
