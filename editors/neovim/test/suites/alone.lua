--- lsp/nginx_analyzer.lua copied alone into the configuration, without the plug-in (Neovim 0.11 and newer).

if not vim.lsp.enable then
  note('skipped: vim.lsp.enable() is there since Neovim 0.11')
  return
end
-- Everything of the plug-in out of the way, and the one file where README.md says.
local config = vim.fn.stdpath('config')
vim.lsp.enable('nginx_analyzer', false)
vim.opt.runtimepath = { config, vim.env.VIMRUNTIME }
vim.opt.packpath = {}
for name in pairs(package.loaded) do
  if vim.startswith(name, 'nginx_analyzer') then
    package.loaded[name] = nil
  end
end
vim.api.nvim_del_user_command('NginxAnalyzer')
vim.fn.mkdir(config .. '/lsp', 'p')
vim.uv.fs_copyfile(vim.env.ROOT .. '/editors/neovim/lsp/nginx_analyzer.lua', config .. '/lsp/nginx_analyzer.lua')
check(not pcall(require, 'nginx_analyzer'), 'the plug-in is not there')
vim.lsp.config('nginx_analyzer', {})
vim.lsp.enable('nginx_analyzer')
vim.cmd.edit('nginx.conf')
local client = attached()
same(client.config.cmd[1], 'nginx-analyzer', 'the file is found by its name')
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'findings arrive')
local lens = eventually(function()
  return lenses()[1]
end, 'locations have a line above them')
vim.api.nvim_win_set_cursor(0, { lens.range.start.line + 1, lens.range.start.character })
vim.fn.setloclist(0, {})
local notes = vim.notify
local told
vim.notify = function(text)
  told = text
end
vim.lsp.codelens.run()
eventually(function()
  return told or vim.fn.getloclist(0, { size = 0 }).size > 0
end, 'a click on it shows the evidence')
vim.notify = notes
