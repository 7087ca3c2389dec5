" Which files Vim takes for nginx's, and which it leaves: ~/names.out.

let s:said = []
let s:failed = 0
for s:line in readfile(g:names)
  if s:line =~# '^#' | continue | endif
  let [s:kind, s:told, s:path, s:text] = split(s:line, "\t")
  let s:file = expand('~/named/') . s:path
  call mkdir(fnamemodify(s:file, ':h'), 'p')
  call writefile(split(substitute(s:text, '\\n', "\n", 'g'), "\n"), s:file)
  execute 'edit' fnameescape(s:file)
  let s:right = (&filetype ==# 'nginx') == (s:kind ==# 'nginx')
  call add(s:said, (s:right ? 'ok   ' : 'FAIL ') . s:kind . ': ' . s:path . (s:right ? '' : ' is ' . &filetype))
  let s:failed += !s:right
  bwipeout!
endfor
if len(s:said) < 30
  call add(s:said, 'FAIL the list was read')
  let s:failed = 1
endif
call writefile(s:said, expand('~/names.out'))
if s:failed
  cquit
endif
qall!
