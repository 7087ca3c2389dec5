" Read by ALE: nginx-analyzer as a language server for nginx's configuration files.

call ale#Set('nginx_nginx_analyzer_executable', 'nginx-analyzer')
" The keys of nginx-analyzer.toml, as {'rules': {'dead-location': 'error'}}; the file counts first.
call ale#Set('nginx_nginx_analyzer_settings', {})

call ale#linter#Define('nginx', {
\   'name': 'nginx_analyzer',
\   'aliases': ['nginx-analyzer'],
\   'lsp': 'stdio',
\   'executable': {buffer -> ale#Var(buffer, 'nginx_nginx_analyzer_executable')},
\   'command': '%e lsp',
\   'language': 'nginx',
\   'project_root': {buffer -> nginx_analyzer#root(expand('#' . buffer . ':p'))},
\   'initialization_options': {buffer -> {'nginxAnalyzer': ale#Var(buffer, 'nginx_nginx_analyzer_settings')}},
\})
