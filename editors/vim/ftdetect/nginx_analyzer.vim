" Which files are nginx's, beside those that Vim knows by itself. VS Code's extension takes the same.

autocmd BufNewFile,BufRead nginx.conf.default,nginx*.conf.template,*.nginx.conf.template,*.nginxconf setfiletype nginx
autocmd BufNewFile,BufRead */{nginx,openresty}/*.conf,*/{nginx,openresty}/*.conf.{default,template,tmpl} setfiletype nginx
autocmd BufNewFile,BufRead */{nginx,openresty}/*{sites-available,sites-enabled,servers}/* setfiletype nginx
autocmd BufNewFile,BufRead */{nginx,openresty}/*{fastcgi,proxy,scgi,uwsgi}_params,*/{nginx,openresty}/*{mime.types,koi-utf,koi-win,win-utf} setfiletype nginx
" Folders that other programs have too: only what reads like nginx.
autocmd BufNewFile,BufRead */sites-available/*,*/sites-enabled/*,*/conf.d/*.conf,*/conf.d/*.conf.template,*/snippets/*.conf if nginx_analyzer#is_nginx() | setfiletype nginx | endif
