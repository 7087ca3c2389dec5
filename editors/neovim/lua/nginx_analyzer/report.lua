--- :NginxAnalyzer report [markdown|html]: everything that is known, as a page to read or to hand on.

local client_of = require('nginx_analyzer.client')
local page = require('nginx_analyzer.page')

local M = { FORMATS = { 'markdown', 'html' } }

function M.run(format)
  format = format ~= '' and format or 'markdown'
  if not vim.list_contains(M.FORMATS, format) then
    return client_of.say('report takes one of ' .. table.concat(M.FORMATS, ', '), vim.log.levels.ERROR)
  end
  local client, buffer = client_of.current()
  if not client then
    return
  end
  client_of.execute(client, buffer, 'report', { format = format }, function(result)
    if format == 'markdown' then
      return page.open(result.text, { source = buffer, encoding = client.offset_encoding, filetype = 'markdown', focus = true })
    end
    local file = vim.fn.tempname() .. '.html'
    vim.fn.writefile(vim.split(result.text, '\n'), file)
    local _, problem = vim.ui.open(file)
    client_of.say(problem and ('the report is in %s (%s)'):format(file, problem) or 'the report is in ' .. file)
  end)
end

return M
