--- :NginxAnalyzer cleanup plan|apply|status|restore [ID]|finish. What changes something is shown first, and asked for.

local client_of = require('nginx_analyzer.client')
local page = require('nginx_analyzer.page')

local M = { STEPS = { 'plan', 'apply', 'status', 'restore', 'finish' } }

function M.run(typed)
  local step, id = typed:match('^(%S+)%s*(%S*)$')
  if not vim.list_contains(M.STEPS, step) then
    return client_of.say('cleanup takes one of ' .. table.concat(M.STEPS, ', '), vim.log.levels.ERROR)
  end
  local client, buffer = client_of.current()
  if not client then
    return
  end
  local function ask(name, more, done)
    local argument = vim.tbl_extend('force', { id = id ~= '' and id or nil }, more)
    client_of.execute(client, buffer, 'cleanup.' .. name, argument, done)
  end
  local function show(text)
    return (page.open(text, { source = buffer, encoding = client.offset_encoding, filetype = 'diff' }))
  end
  if step == 'plan' or step == 'status' then
    return ask(step, {}, function(result)
      show(result.text)
    end)
  end
  ask(step == 'apply' and 'plan' or step, { dryRun = true }, function(result)
    local changes = result.blocks or vim.list_extend(vim.list_extend({}, result.changed), result.brought_back)
    local window = show(result.text ~= '' and result.text or 'Nothing to do.')
    if #changes == 0 then
      return
    end
    vim.ui.select({ 'yes', 'no' }, { prompt = ('nginx-analyzer: cleanup %s, as shown?'):format(step) }, function(choice)
      if vim.api.nvim_win_is_valid(window) then
        vim.api.nvim_win_close(window, true)
      end
      if choice == 'yes' then
        ask(step, {})
      end
    end)
  end)
end

return M
