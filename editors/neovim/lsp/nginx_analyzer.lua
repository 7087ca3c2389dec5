--- Read by `vim.lsp.enable('nginx_analyzer')`: Neovim looks for lsp/<name>.lua in every folder of 'runtimepath'.
--- `vim.lsp.config('nginx_analyzer', { ... })` in your own configuration changes what is said here.
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
}
