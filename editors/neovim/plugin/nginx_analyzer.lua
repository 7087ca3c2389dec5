--- The command `:NginxAnalyzer`: what the protocol of language servers has no place for. Nothing is loaded before it is used.

if vim.g.loaded_nginx_analyzer then
  return
end
vim.g.loaded_nginx_analyzer = true

local STEPS = { 'plan', 'apply', 'status', 'restore', 'finish' }

--- By name: `run` gets the rest of what was typed, `complete` is what may come after the name.
local COMMANDS = {
  trace = { run = function(rest) require('nginx_analyzer.trace')(rest) end, takes = true },
  evidence = { run = function() require('nginx_analyzer.evidence')() end },
  report = { run = function(rest) require('nginx_analyzer.report').run(rest) end, takes = true, complete = { 'html', 'markdown' } },
  map = { run = function() require('nginx_analyzer.map')() end },
  effective = { run = function() require('nginx_analyzer.effective')() end },
  cleanup = { run = function(rest) require('nginx_analyzer.cleanup').run(rest) end, takes = true, complete = STEPS },
  restart = { run = function() require('nginx_analyzer.session').restart() end },
  log = { run = function() require('nginx_analyzer.session').log() end },
  status = { run = function() require('nginx_analyzer.session').status() end },
}

local function names()
  local all = vim.tbl_keys(COMMANDS)
  table.sort(all)
  return all
end

vim.api.nvim_create_user_command('NginxAnalyzer', function(call)
  local name, rest = call.args:match('^(%S+)%s*(.-)%s*$')
  local command = COMMANDS[name]
  if not command then
    return vim.notify(('nginx-analyzer: there is no command `%s`; there are %s'):format(name, table.concat(names(), ', ')), vim.log.levels.ERROR)
  end
  if rest ~= '' and not command.takes then
    return vim.notify(('nginx-analyzer: `%s` takes nothing more'):format(name), vim.log.levels.ERROR)
  end
  command.run(rest)
end, {
  nargs = '+',
  desc = 'nginx-analyzer: trace, evidence, report, map, effective, cleanup, restart, log, status',
  complete = function(typed, line)
    -- What may come before it, as `:vertical`, is left out of account.
    local before = line:match('NginxAnalyzer!?%s+(.*)$') or ''
    local name = before:match('^(%S+)%s+%S*$')
    local all = not before:find('%s') and names() or name and (COMMANDS[name] or {}).complete or {}
    return vim.tbl_filter(function(one)
      return vim.startswith(one, typed)
    end, all)
  end,
})
