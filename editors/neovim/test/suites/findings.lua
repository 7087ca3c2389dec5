--- Findings, what is said about them, and what the light bulb does.

vim.cmd.edit('nginx.conf')
local buffer = vim.api.nvim_get_current_buf()
same(vim.bo.filetype, 'nginx', 'filetype nginx')
local client = attached()
same(client.root_dir, vim.fn.getcwd(), 'the workspace is the folder with compose.yaml')
note(vim.inspect(client.server_info or 'Neovim does not keep what the server is called') .. ', ' .. client.offset_encoding)

eventually(function()
  return #vim.diagnostic.get(buffer) > 0
end, 'findings arrive')
same(findings('dead-location'), { 548 }, 'the dead location is on line 548')
same(findings('missing-file'), { 608, 613 }, 'the missing files are on lines 608 and 613')
same(findings('upstream-lacks-route'), { 304 }, 'the route that the upstream lacks is on line 304')
check(#findings('upstream-lacks-route') == 1 and vim.diagnostic.get(buffer, { lnum = 547 })[1].message:find('every URI under /admin/', 1, true), 'the message says why')

-- The float that a person reads: the message, and the place that takes the requests (Neovim shows those itself since 0.12).
vim.api.nvim_win_set_cursor(0, { 548, 8 })
local float = vim.diagnostic.open_float({ scope = 'line' })
check(float, 'the float opens')
local shown = table.concat(lines(float), '\n')
check(shown:find('location ~ ^/(ui|admin)', 1, true), 'it names the location that takes the requests')

--- Takes the one action whose title begins so, as `gra` at the cursor would.
local function act(number, title)
  vim.api.nvim_win_set_cursor(0, { number, 10 })
  local offered = {}
  vim.lsp.buf.code_action({
    apply = true,
    filter = function(action)
      offered[#offered + 1] = action.title
      return vim.startswith(action.title, title)
    end,
  })
  eventually(function()
    return #offered > 0
  end, ('actions are offered on line %d'):format(number))
end

local text = lines()
act(548, 'Comment out')
eventually(function()
  return lines()[548]:find('^%s*#X# location /admin/ {') ~= nil
end, 'the block is commented out')
same({ lines()[547], lines()[558], lines()[559] }, { text[547], text[558], text[559] }, 'the lines around it are what they were')
check(lines()[557]:find('^%s*#X# }$'), 'its last line is commented out too')
eventually(function()
  return #findings('dead-location') == 0
end, 'the finding goes')
same(findings('missing-file'), { 608, 613 }, 'the others stay')
act(548, 'Restore')
eventually(function()
  return vim.deep_equal(lines(), text)
end, 'the block is restored, letter for letter')
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'the finding comes back')

-- A finding follows its line while a person types above it.
vim.api.nvim_buf_set_lines(buffer, 0, 0, true, { '# a new first line with ä, 漢 and 😀' })
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 549 })
end, 'the finding moves with its line')
vim.cmd('silent undo')
eventually(function()
  return vim.deep_equal(findings('dead-location'), { 548 })
end, 'and back after undo')
vim.cmd('silent write')

-- A file that appears on disk settles a finding, at the latest when something is saved: Neovim on Linux watches no files by itself.
vim.fn.writefile({ '<p>help</p>' }, 'html/help.html')
vim.cmd('silent write')
eventually(function()
  return vim.deep_equal(findings('missing-file'), { 608 })
end, 'a missing file that appears is no longer missing')
