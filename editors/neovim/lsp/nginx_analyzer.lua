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
}
