--- :NginxAnalyzer effective: everything that the configuration at hand consists of, includes expanded in place.

local client_of = require('nginx_analyzer.client')
local page = require('nginx_analyzer.page')

return function()
  local client, buffer = client_of.current()
  if not client then
    return
  end
  client_of.execute(client, buffer, 'effective', {}, function(result)
    local places = page.places(result.links)
    for _, origin in ipairs(result.origins) do
      places[origin.line] = places[origin.line] or origin.place
    end
    local _, opened = page.open(result.text, {
      source = buffer,
      encoding = client.offset_encoding,
      -- Not `nginx`: no server is to read a page that is no file.
      filetype = 'nginx-analyzer-effective',
      places = places,
      focus = true,
    })
    if not pcall(vim.treesitter.start, opened, vim.treesitter.language.get_lang('nginx')) then
      vim.bo[opened].syntax = 'nginx'
    end
  end)
end
