--- :checkhealth nginx_analyzer

local client_of = require('nginx_analyzer.client')
local health = vim.health

local M = {}

local function program()
  local command = client_of.config().cmd
  if type(command) ~= 'table' then
    return health.info('the server is started by a function of your own')
  end
  local path = vim.fn.exepath(command[1])
  if path == '' then
    return health.error(('there is no program `%s`'):format(command[1]), {
      'put nginx-analyzer on PATH, for example with `cargo install nginx-analyzer`',
      "or name it: `require('nginx_analyzer').enable({ cmd = { '/path/to/nginx-analyzer', 'lsp' } })`",
    })
  end
  local run, done = pcall(function()
    return vim.system({ path, '--version' }, { text = true }):wait(5000)
  end)
  if run and done.code == 0 then
    return health.ok(('%s: %s'):format(path, vim.trim(done.stdout)))
  end
  health.error(('%s can not be run: %s'):format(path, run and vim.trim(done.stderr) or done))
end

local function servers()
  local lines = require('nginx_analyzer.session').sentences()
  for _, line in ipairs(lines) do
    (line:find('^ ') and health.warn or health.ok)(vim.trim(line))
  end
  if #lines > 0 then
    return
  end
  if client_of.enabled() then
    return health.info('no server runs: it starts with the first file of type nginx')
  end
  health.warn('the server is not enabled', { "put `require('nginx_analyzer').enable()` into your init.lua" })
end

local function grammar()
  local parser = vim.api.nvim_get_runtime_file('parser/nginx_conf.*', false)[1]
  if not parser then
    return health.info('the tree-sitter grammar is not installed, which only colours and folds need: |nginx-analyzer-treesitter|')
  end
  local loaded, problem = pcall(vim.treesitter.language.add, 'nginx_conf')
  if not loaded then
    return health.error(('%s can not be loaded: %s'):format(parser, problem))
  end
  health.ok('tree-sitter grammar: ' .. parser)
  for _, name in ipairs({ 'highlights', 'folds', 'injections' }) do
    local fits, query = pcall(vim.treesitter.query.get, 'nginx_conf', name)
    if not fits then
      health.error(('queries/nginx_conf/%s.scm does not fit: %s'):format(name, query))
    elseif not query then
      health.warn(('there is no queries/nginx_conf/%s.scm in the runtime path'):format(name))
    end
  end
  if vim.treesitter.language.get_lang('nginx') ~= 'nginx_conf' then
    health.info("it is not used for files of type nginx: `vim.treesitter.language.register('nginx_conf', 'nginx')`")
  end
end

function M.check()
  health.start('nginx-analyzer')
  if vim.fn.has('nvim-0.10') == 0 then
    return health.error('Neovim 0.10 or newer is needed')
  end
  program()
  servers()
  grammar()
end

return M
