" nginx-analyzer in Vim: the command :NginxAnalyzer, and the server for vim-lsp. ALE reads ale_linters/ by itself.

if exists('g:loaded_nginx_analyzer')
  finish
endif
let g:loaded_nginx_analyzer = 1

command! -nargs=+ -complete=customlist,nginx_analyzer#complete NginxAnalyzer call nginx_analyzer#command(<f-args>)

function! s:register_with_vim_lsp() abort
  call lsp#register_server({
  \   'name': 'nginx-analyzer',
  \   'cmd': {server_info -> [get(g:, 'nginx_analyzer_executable', 'nginx-analyzer'), 'lsp']},
  \   'root_uri': {server_info -> lsp#utils#path_to_uri(nginx_analyzer#root(lsp#utils#get_buffer_path()))},
  \   'allowlist': ['nginx'],
  \   'languageId': {server_info -> 'nginx'},
  \   'initialization_options': {'nginxAnalyzer': get(g:, 'nginx_analyzer_settings', {})},
  \   'workspace_config': {'nginxAnalyzer': get(g:, 'nginx_analyzer_settings', {})},
  \ })
endfunction

augroup nginx_analyzer
  autocmd!
  autocmd User lsp_setup call s:register_with_vim_lsp()
augroup END
