--- Read by Neovim before the configuration of the person; a suite runs after it, as `run(name)`, with these global functions.
--- What a person does is done through the editor's own commands.

local WAIT = 20000

local function say(line)
  io.stdout:write(line, '\n')
  io.stdout:flush()
end

--- Whatever the configuration or the plug-in complains of is seen.
vim.o.shortmess = vim.o.shortmess .. 'I'
vim.o.swapfile = false

function note(text)
  say('     ' .. text:gsub('\n', '\n     '))
end

function check(ok, what)
  if not ok then
    error('FAIL ' .. what, 0)
  end
  say('ok   ' .. what)
end

function same(found, wanted, what)
  if not vim.deep_equal(found, wanted) then
    error(('FAIL %s\n     wanted %s\n     found  %s'):format(what, vim.inspect(wanted), vim.inspect(found)), 0)
  end
  say('ok   ' .. what)
end

--- Lets the editor work until `condition` holds; gives back what it was.
function eventually(condition, what)
  local value
  vim.wait(WAIT, function()
    value = condition()
    return value
  end, 10)
  check(value, what)
  return value
end

--- The client of the current buffer, once it is ready.
function attached()
  return eventually(function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'nginx_analyzer' })[1]
    return client and client.initialized and client
  end, 'the server is attached')
end

--- For a suite that needs none.
function without_server()
  if vim.lsp.enable then
    vim.lsp.enable('nginx_analyzer', false)
  else
    vim.api.nvim_del_augroup_by_name('nginx_analyzer')
  end
end

--- The lines of a rule's findings, from 1.
function findings(rule, buffer)
  local lines = {}
  for _, diagnostic in ipairs(vim.diagnostic.get(buffer or 0)) do
    if diagnostic.code == rule then
      lines[#lines + 1] = diagnostic.lnum + 1
    end
  end
  table.sort(lines)
  return lines
end

function lines(buffer)
  return vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, true)
end

--- The lines above locations, turned on as a person does; none before they came.
function lenses()
  if vim.lsp.codelens.enable then
    vim.lsp.codelens.enable(true)
  else
    vim.lsp.codelens.refresh({ bufnr = 0 })
  end
  vim.wait(500, function()
    return #vim.lsp.codelens.get(vim.lsp.codelens.enable and { bufnr = 0 } or 0) > 0
  end, 10)
  return vim.tbl_map(function(one)
    return one.lens or one
  end, vim.lsp.codelens.get(vim.lsp.codelens.enable and { bufnr = 0 } or 0))
end

--- The number of the first line that has `text`.
function line_with(text, buffer)
  for number, line in ipairs(lines(buffer)) do
    if line:find(text, 1, true) then
      return number
    end
  end
  error(('FAIL no line has %s'):format(text), 0)
end

--- The buffer and the window of the page that a command opened.
function page_of(filetype)
  return eventually(function()
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local buffer = vim.api.nvim_win_get_buf(window)
      if vim.bo[buffer].filetype == filetype then
        return { buffer = buffer, window = window }
      end
    end
  end, ('a page opens (%s)'):format(filetype))
end

--- What is said through vim.notify while `act` runs and until something was.
function said(act, what)
  local texts, own = {}, vim.notify
  vim.notify = function(text)
    texts[#texts + 1] = text
  end
  act()
  local ok, problem = pcall(eventually, function()
    return #texts > 0
  end, what)
  vim.notify = own
  if not ok then
    error(problem, 0)
  end
  return table.concat(texts, '\n')
end

--- Sends a request as the editor's own functions do.
function ask(client, method, params)
  -- By its number: with 0, Neovim does not send what was typed before.
  local buffer = vim.api.nvim_get_current_buf()
  local answer, problem
  if vim.fn.has('nvim-0.11') == 1 then
    answer, problem = client:request_sync(method, params, WAIT, buffer)
  else
    answer, problem = client.request_sync(method, params, WAIT, buffer)
  end
  check(answer and not answer.err, ('%s is answered%s'):format(method, problem and ': ' .. problem or ''))
  return answer.result
end

function run(suite)
  local ok, problem = xpcall(dofile, function(message)
    return type(message) == 'string' and message:find('^FAIL') and message or debug.traceback('FAIL ' .. tostring(message), 2)
  end, ('%s/suites/%s.lua'):format(vim.env.TESTS, suite))
  local complained = vim.trim(vim.v.errmsg)
  if ok and complained ~= '' then
    ok, problem = false, 'FAIL the editor showed an error: ' .. complained
  end
  if not ok then
    say(problem)
  end
  -- The editor would not wait for the end of its servers, and the checker is to see it.
  for _, client in ipairs(vim.lsp.get_clients()) do
    if vim.fn.has('nvim-0.11') == 1 then
      client:stop()
    else
      client.stop()
    end
  end
  vim.wait(5000, function()
    return #vim.lsp.get_clients() == 0
  end, 10)
  vim.cmd(ok and 'qall!' or 'cquit 1')
end
