--- `require('nginx_analyzer').enable()` starts the server for nginx files, in every Neovim since 0.10.
--- In 0.11 and newer it is the same as `vim.lsp.enable('nginx_analyzer')`.

local client_of = require('nginx_analyzer.client')

local M = {}

--- `config`: what is to be different from lsp/nginx_analyzer.lua, as for |vim.lsp.config()|.
function M.enable(config)
  if vim.lsp.enable then
    if config then
      vim.lsp.config(client_of.NAME, config)
    end
    return vim.lsp.enable(client_of.NAME)
  end
  client_of.own = config
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('nginx_analyzer', {}),
    pattern = client_of.config().filetypes,
    callback = function(event)
      client_of.start(event.buf)
    end,
  })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    client_of.start(buffer)
  end
end

--- For a status line: what the server of a buffer does at the moment, or an empty string.
function M.statusline(buffer)
  local client = vim.lsp.get_clients({ bufnr = buffer or 0, name = client_of.NAME })[1]
  if not client then
    return ''
  end
  local now = client.nginx_analyzer_status
  if not client.initialized or now and not now.quiescent then
    return 'nginx …'
  end
  return now and now.health ~= 'ok' and 'nginx ' .. now.health or 'nginx'
end

return M
