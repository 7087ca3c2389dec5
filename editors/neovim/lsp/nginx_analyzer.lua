--- Read by `vim.lsp.enable('nginx_analyzer')`: Neovim looks for lsp/<name>.lua in every folder of 'runtimepath'.
--- `vim.lsp.config('nginx_analyzer', { ... })` in your own configuration changes what is said here.
--- This file works alone; the plug-in beside it adds the command `:NginxAnalyzer`, and starts this in Neovim 0.10.

local REFRESH = 'workspace/diagnostic/refresh'

--- Neovim 0.11 made the functions of a client its methods.
local function request(client, ...)
  if vim.fn.has('nvim-0.11') == 1 then
    return client:request(...)
  end
  return client.request(...)
end

--- Something changed beside the open files: asks for their findings again.
--- Neovim 0.12 itself asks for those of the whole workspace then, but takes nothing for open buffers from the answer.
local function refresh(err, result, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  -- One that is being stopped takes no requests any more.
  if not client or client:is_stopped() then
    return vim.NIL
  end
  local provider = client.server_capabilities.diagnosticProvider
  if provider then
    for buffer in pairs(client.attached_buffers) do
      local params = { identifier = provider.identifier, textDocument = { uri = vim.uri_from_bufnr(buffer) } }
      request(client, 'textDocument/diagnostic', params, nil, buffer)
    end
  end
  local own = vim.lsp.handlers[REFRESH]
  return own and own(err, result, ctx) or vim.NIL
end

--- Whether the server is ready, and what keeps it from that: kept for `:NginxAnalyzer status` and for status lines; a problem is said once.
local function status(_, now, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  if not client then
    return
  end
  local before = client.nginx_analyzer_status
  client.nginx_analyzer_status = now
  if now.health ~= 'ok' and now.message and not (before and before.message == now.message) then
    vim.notify('nginx-analyzer: ' .. now.message, now.health == 'error' and vim.log.levels.ERROR or vim.log.levels.WARN)
  end
  vim.api.nvim_exec_autocmds('User', { pattern = 'NginxAnalyzerStatus', modeline = false, data = { client_id = ctx.client_id } })
end

--- What is behind the line above a location (`vim.lsp.codelens.run()`): everything that shows who uses it, as a list to jump through.
local function evidence(command, ctx)
  local client = vim.lsp.get_client_by_id(ctx.client_id)
  if not client then
    return
  end
  local params = { command = command.command, arguments = command.arguments }
  request(client, 'workspace/executeCommand', params, function(err, result)
    if err then
      return vim.notify('nginx-analyzer: ' .. err.message, vim.log.levels.ERROR)
    end
    if type(result) ~= 'table' then
      return vim.notify('nginx-analyzer: nothing is known of a location here')
    end
    if #result.locations == 0 then
      return vim.notify(result.title .. '\n' .. table.concat(result.details, '\n'))
    end
    vim.fn.setloclist(0, {}, ' ', { title = result.title, items = vim.lsp.util.locations_to_items(result.locations, client.offset_encoding) })
    vim.cmd.lopen()
  end, ctx.bufnr)
end

local capabilities = vim.lsp.protocol.make_client_capabilities()
capabilities.experimental = { serverStatusNotification = true }
-- What is handled above; Neovim 0.10 does not offer it by itself.
capabilities.workspace.diagnostics = { refreshSupport = true }

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
  capabilities = capabilities,
  handlers = { [REFRESH] = refresh, ['experimental/serverStatus'] = status },
  commands = { ['nginx-analyzer.evidence'] = evidence },
}
