--- The server as the editor holds it: found, started, asked.

local M = { NAME = 'nginx_analyzer' }

--- Says something to the person, as coming from here.
function M.say(text, level)
  vim.notify('nginx-analyzer: ' .. text, level or vim.log.levels.INFO)
end

--- Everything that lsp/nginx_analyzer.lua and the person's own configuration say.
function M.config()
  if vim.lsp.config then
    return vim.lsp.config[M.NAME]
  end
  local file = vim.api.nvim_get_runtime_file('lsp/nginx_analyzer.lua', false)[1]
  return vim.tbl_deep_extend('force', file and dofile(file) or {}, M.own or {})
end

--- Whether files of type nginx start it.
function M.enabled()
  if vim.lsp.is_enabled then
    return vim.lsp.is_enabled(M.NAME)
  end
  -- Neovim 0.11 does not tell.
  return vim.lsp.enable ~= nil or vim.fn.exists('#' .. M.NAME .. '#FileType') == 1
end

--- The folder that is the workspace of a buffer: the first marker that is found at all counts, not the nearest.
local function root(buffer, markers)
  for _, marker in ipairs(markers) do
    local found = vim.fs.root(buffer, marker)
    if found then
      return found
    end
  end
  local name = vim.api.nvim_buf_get_name(buffer)
  return name ~= '' and vim.fs.dirname(name) or vim.fn.getcwd()
end

--- Starts the server for a buffer, or takes the one that runs for its workspace.
function M.start(buffer)
  local config = M.config()
  if not vim.api.nvim_buf_is_loaded(buffer) or vim.bo[buffer].buftype ~= '' or not vim.list_contains(config.filetypes, vim.bo[buffer].filetype) then
    return
  end
  local function start(folder)
    vim.lsp.start(vim.tbl_extend('force', config, { name = M.NAME, root_dir = folder }), { bufnr = buffer })
  end
  if type(config.root_dir) == 'function' then
    return config.root_dir(buffer, start)
  end
  start(config.root_dir or root(buffer, config.root_markers))
end

--- Its clients; there is one for each workspace.
function M.all()
  return vim.lsp.get_clients({ name = M.NAME })
end

--- The client of the current buffer, and that buffer; from a page of ours, any client with a buffer of its own. Says so where there is none.
function M.current()
  local buffer = vim.api.nvim_get_current_buf()
  local client = vim.lsp.get_clients({ bufnr = buffer, name = M.NAME })[1]
  if client then
    return client, buffer
  end
  local shown = vim.b[buffer].nginx_analyzer_source
  for _, one in ipairs(M.all()) do
    local attached = shown and one.attached_buffers[shown] and shown or next(one.attached_buffers)
    if attached then
      return one, attached
    end
  end
  M.say('open an nginx configuration first', vim.log.levels.WARN)
end

--- Asks for a command of the server about a buffer; `done` gets the answer, a person what went wrong.
function M.execute(client, buffer, command, argument, done)
  argument = vim.tbl_extend('force', { uri = vim.uri_from_bufnr(buffer) }, argument)
  local params = { command = 'nginx-analyzer.' .. command, arguments = { argument } }
  local function answered(err, result)
    if err then
      return M.say(err.message, vim.log.levels.ERROR)
    end
    if done then
      done(result)
    end
  end
  -- Neovim 0.11 made the functions of a client its methods.
  if vim.fn.has('nvim-0.11') == 1 then
    return client:request('workspace/executeCommand', params, answered, buffer)
  end
  return client.request('workspace/executeCommand', params, answered, buffer)
end

return M
