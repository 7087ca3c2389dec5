" What the plug-in's files share.

" A folder that says how the project is laid out goes before the one where the configuration lies.
let s:markers = [['nginx-analyzer.toml'], ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'], ['nginx.conf']]

" The folder of the workspace that a file belongs to: at least the file's own.
function! nginx_analyzer#root(file) abort
  let l:folder = fnamemodify(a:file, ':p:h')
  for l:names in s:markers
    let l:above = l:folder
    while 1
      for l:name in l:names
        if filereadable(l:above . '/' . l:name)
          return l:above
        endif
      endfor
      if l:above ==# fnamemodify(l:above, ':h')
        break
      endif
      let l:above = fnamemodify(l:above, ':h')
    endwhile
  endfor
  return l:folder
endfunction

" How only nginx's files begin: FreeRADIUS names its servers, HOCON and Dovecot write `=`.
let s:begins = '^\v(%(server|events|http|stream)\s*\{|%(upstream|location|map|geo|split_clients)\s+[^;{}]+\{'
  \ . '|%(proxy_|fastcgi_|uwsgi_|scgi_|grpc_|ssl_|gzip|client_|limit_|log_format|access_log|add_header|server_tokens|keepalive_|resolver|lua_|js_|include)[a-z_]*\s+[^;{}=]+;)'

" Whether the text of the current buffer is nginx's, by its first line that is no comment.
function! nginx_analyzer#is_nginx() abort
  for l:line in getline(1, 200)
    if l:line !~# '^\s*\%(#\|$\)'
      return trim(l:line) =~# s:begins
    endif
  endfor
  return 0
endfunction

" Shows what `nginx-analyzer` prints on the command line, in a window of its own. It reads what was saved.
function! s:page(title, arguments) abort
  let l:executable = get(g:, 'nginx_analyzer_executable', 'nginx-analyzer')
  let l:text = systemlist(join(map([l:executable] + a:arguments, 'shellescape(v:val)')) . ' 2>&1')
  let l:from = win_getid()
  let l:name = 'nginx-analyzer ' . a:title
  let l:window = bufwinnr('^' . escape(l:name, '\.*[]') . '$')
  if l:window > 0
    execute l:window . 'wincmd w'
    setlocal modifiable
    silent %delete _
  else
    botright new
    silent execute 'file' fnameescape(l:name)
    setlocal buftype=nofile bufhidden=wipe noswapfile nobuflisted nowrap
  endif
  call setline(1, l:text)
  setlocal nomodifiable nomodified
  let b:nginx_analyzer_from = l:from
  nnoremap <buffer> <silent> <CR> :call nginx_analyzer#visit()<CR>
endfunction

" Goes to the place that the line names, as in nginx.conf:221.
function! nginx_analyzer#visit() abort
  let l:found = matchlist(getline('.'), '\v(\S+):(\d+)')
  let l:candidates = empty(l:found) ? [] : [l:found[1], b:nginx_analyzer_root . '/' . l:found[1]]
  for l:file in filter(l:candidates, 'filereadable(v:val)')
    call win_gotoid(b:nginx_analyzer_from)
    execute 'edit' '+' . l:found[2] fnameescape(l:file)
    return
  endfor
  echo 'This line names no file'
endfunction

let s:steps = ['plan', 'apply', 'status', 'restore', 'finish']

function! s:cleanup(root, step) abort
  if index(s:steps, a:step) < 0
    echohl ErrorMsg | echomsg 'nginx-analyzer: cleanup takes one of ' . join(s:steps, ', ') | echohl None
    return
  endif
  let l:changes = index(['apply', 'restore', 'finish'], a:step) >= 0
  " What is shown before something is changed.
  let l:before = {'apply': ['plan'], 'restore': ['status'], 'finish': ['finish', '--dry-run']}
  call s:page('cleanup', ['cleanup'] + get(l:before, a:step, [a:step]) + [a:root])
  setfiletype diff
  redraw
  if l:changes && confirm('nginx-analyzer: cleanup ' . a:step . ', as shown?', "&Yes\n&No", 2) == 1
    call s:page('cleanup', ['cleanup', a:step, a:root])
    " What is open was changed on the disk.
    checktime
  endif
endfunction

" :NginxAnalyzer {what} [...]
function! nginx_analyzer#command(...) abort
  " In a page it is asked of the file that the page was asked of.
  let l:file = get(b:, 'nginx_analyzer_file', expand('%:p'))
  let l:root = nginx_analyzer#root(l:file)
  let l:what = get(a:000, 0, '')
  if l:what ==# 'trace'
    let l:asked = a:000[1 :]
    if empty(l:asked)
      let l:asked = split(input('Which location serves: '))
    endif
    if empty(l:asked)
      return
    endif
    let l:method = len(l:asked) > 1 ? ['--method', l:asked[0]] : []
    call s:page('trace', ['trace'] + l:method + [l:file, l:asked[-1]])
  elseif index(['usage', 'routes', 'report'], l:what) >= 0
    call s:page(l:what, [l:what, l:root])
    if l:what ==# 'report'
      setfiletype markdown
    endif
  elseif l:what ==# 'expand'
    call s:page('expand', ['expand', l:file])
    setlocal syntax=nginx
  elseif l:what ==# 'cleanup'
    call s:cleanup(l:root, get(a:000, 1, 'plan'))
  else
    echohl ErrorMsg | echomsg 'nginx-analyzer: one of ' . join(s:subjects, ', ') | echohl None
    return
  endif
  let b:nginx_analyzer_root = l:root
  let b:nginx_analyzer_file = l:file
endfunction

let s:subjects = ['trace', 'usage', 'routes', 'report', 'expand', 'cleanup']

function! nginx_analyzer#complete(lead, line, position) abort
  let l:words = a:line =~# '\<cleanup\s' ? s:steps : s:subjects
  return filter(copy(l:words), 'stridx(v:val, a:lead) == 0')
endfunction
