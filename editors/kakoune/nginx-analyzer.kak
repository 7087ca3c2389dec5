# nginx-analyzer in Kakoune: which files are nginx's, their colours, the server for kakoune-lsp, and :nginx-analyzer-… commands.

declare-option -docstring 'the nginx-analyzer to use' str nginx_analyzer_command nginx-analyzer
declare-option -docstring 'the keys of nginx-analyzer.toml below [nginx-analyzer.settings.nginxAnalyzer], as a text of TOML; the file counts first' \
    str nginx_analyzer_settings ''

# Which files

hook -group nginx-detect global BufCreate '(?:.*/)?(?:nginx(?:[._-][^/]*)?\.conf(?:\.default|\.template)?|[^/]*[._-]nginx\.conf(?:\.template)?|[^/]*\.nginx(?:conf)?)' %{
    set-option buffer filetype nginx
}
hook -group nginx-detect global BufCreate '.*/(?:nginx|openresty)/(?:.*/)?(?:[^/]+\.conf(?:\.default|\.template|\.tmpl)?|(?:sites-available|sites-enabled|servers)/[^/]+|(?:fastcgi|proxy|scgi|uwsgi)_params|mime\.types|koi-utf|koi-win|win-utf)' %{
    set-option buffer filetype nginx
}
# Folders that other programs have too: only what begins as nginx's files do. FreeRADIUS names its servers, HOCON and Dovecot write `=`.
# (Kakoune counts braces, also in a pattern: `[{}]`.)
hook -group nginx-detect global BufOpenFile '.*/(?:(?:sites-available|sites-enabled)/[^/]+|(?:conf\.d|snippets)/[^/]+\.conf(?:\.template|\.tmpl)?)' %{
    evaluate-commands %sh{
        head -n 200 -- "$kak_hook_param" | grep -v -E '^[[:space:]]*(#|$)' | head -n 1 | grep -q -E '^[[:space:]]*((server|events|http|stream)[[:space:]]*[{}]|(upstream|location|map|geo|split_clients)[[:space:]]+[^;{}]+[{}]|(proxy_|fastcgi_|uwsgi_|scgi_|grpc_|ssl_|gzip|client_|limit_|log_format|access_log|add_header|server_tokens|keepalive_|resolver|lua_|js_|include)[a-z_]*[[:space:]]+[^;{}=]+;)' &&
            echo 'set-option buffer filetype nginx'
    }
}

# How they look

hook global WinSetOption filetype=nginx %{
    require-module nginx
    set-option window comment_line '#'
}
hook -group nginx-highlight global WinSetOption filetype=nginx %{
    add-highlighter window/nginx ref nginx
    hook -once -always window WinSetOption filetype=.* %{ remove-highlighter window/nginx }
}

provide-module nginx %{
    require-module lua

    add-highlighter shared/nginx regions
    add-highlighter shared/nginx/code default-region group
    add-highlighter shared/nginx/comment region '(?:^|[\s;{}])\K#' $ fill comment
    add-highlighter shared/nginx/double region '(?:^|[\s;{}(])\K"' '(?<!\\)(?:\\\\)*"' fill string
    add-highlighter shared/nginx/single region "(?:^|[\s;{}(])\K'" "(?<!\\)(?:\\\\)*'" fill string
    add-highlighter shared/nginx/lua region -recurse '\x7b' '_by_lua_block\s*\x7b\K' '\x7d' ref lua
    add-highlighter shared/nginx/code/ regex '(?:^|[;{}])\s*([a-z][a-z0-9_]*)' 1:keyword
    add-highlighter shared/nginx/code/ regex '\$(?:\w+|\{\w+\})' 0:variable
    add-highlighter shared/nginx/code/ regex '\s(on|off|\d+(?:[kKmMgG]|ms|[smhdwMy])?)(?=[\s;])' 1:value
    add-highlighter shared/nginx/code/ regex '^\s*location\s+(=|~\*?|\^~)\s' 1:operator
}

# The server

hook -group lsp-filetype-nginx global BufSetOption filetype=nginx %{
    # There is no such option without kakoune-lsp.
    try %{
        set-option buffer lsp_servers "
            [nginx-analyzer]
            command = ""%opt{nginx_analyzer_command}""
            args = [""lsp""]
            root_globs = [""nginx-analyzer.toml"", ""compose.yaml"", ""compose.yml"", ""docker-compose.yaml"", ""docker-compose.yml"", ""nginx.conf""]
            settings_section = ""nginxAnalyzer""
            [nginx-analyzer.settings.nginxAnalyzer]
            %opt{nginx_analyzer_settings}
        "
    }
}

# What the protocol has no place for: what the command line says of the files as they were saved. <ret> on a line that names a file goes there.

define-command -hidden nginx-analyzer-page -params 2.. %{
    evaluate-commands %sh{
        title=$1
        shift
        folder=$(mktemp -d "${TMPDIR:-/tmp}/kak-nginx-analyzer.XXXXXX")
        mkfifo "$folder/page"
        ( "$kak_opt_nginx_analyzer_command" "$@" > "$folder/page" 2>&1 ) > /dev/null 2>&1 < /dev/null &
        echo "edit! -fifo $folder/page *nginx-analyzer-$title*"
        echo "map buffer normal <ret> ': nginx-analyzer-visit<ret>' -docstring 'go to the file that the line names'"
        echo "hook -always -once buffer BufCloseFifo .* %{ nop %sh{ rm -r $folder } }"
    }
}

define-command -hidden nginx-analyzer-visit %{
    evaluate-commands -draft %{
        execute-keys 'x'
        set-option global nginx_analyzer_line %val{selection}
    }
    evaluate-commands %sh{
        found=$(printf '%s' "$kak_opt_nginx_analyzer_line" | grep -o -E '[^[:space:]]+:[0-9]+' | head -n 1)
        file=${found%:*}
        for one in "$file" "$kak_opt_nginx_analyzer_root/$file"; do
            if [ -n "$file" ] && [ -f "$one" ]; then
                printf "edit -existing -- '%s' %s\n" "$(printf '%s' "$one" | sed "s/'/''/g")" "${found##*:}"
                exit
            fi
        done
        echo 'fail this line names no file'
    }
}
declare-option -hidden str nginx_analyzer_line
declare-option -hidden str nginx_analyzer_root
declare-option -hidden str nginx_analyzer_file

# From a page it is asked of what was asked of before: the program takes a folder as well.
define-command -hidden nginx-analyzer-find-root %{
    set-option global nginx_analyzer_file %sh{ [ -f "$kak_buffile" ] && printf '%s' "$kak_buffile" || printf '%s' "$kak_opt_nginx_analyzer_root" }
    set-option global nginx_analyzer_root %sh{
        if ! [ -f "$kak_buffile" ]; then
            printf '%s' "$kak_opt_nginx_analyzer_root"
            exit
        fi
        for names in nginx-analyzer.toml 'compose.yaml compose.yml docker-compose.yml docker-compose.yaml' nginx.conf; do
            folder=$(dirname "$kak_buffile")
            while :; do
                for name in $names; do
                    if [ -f "$folder/$name" ]; then
                        printf '%s' "$folder"
                        exit
                    fi
                done
                [ "$folder" != / ] && [ "$folder" != . ] || break
                folder=$(dirname "$folder")
            done
        done
        printf '%s' "$(dirname "$kak_buffile")"
    }
}

define-command nginx-analyzer-trace -params 1..2 -docstring 'nginx-analyzer-trace [<method>] <url>: which location serves a URL, and every step that leads there' %{
    nginx-analyzer-find-root
    evaluate-commands %sh{
        quoted() { printf "'%s' " "$(printf '%s' "$1" | sed "s/'/''/g")"; }
        printf 'nginx-analyzer-page trace trace '
        [ $# = 1 ] || { printf -- '--method '; quoted "$1"; shift; }
        quoted "$kak_opt_nginx_analyzer_file"
        quoted "$1"
    }
}
define-command nginx-analyzer-usage -docstring 'who uses which location, by the access logs' %{
    nginx-analyzer-find-root
    nginx-analyzer-page usage usage %opt{nginx_analyzer_root}
}
define-command nginx-analyzer-routes -docstring 'the whole gateway: which URL leads to which location, backend and route' %{
    nginx-analyzer-find-root
    nginx-analyzer-page routes routes %opt{nginx_analyzer_root}
}
define-command nginx-analyzer-report -docstring 'the report: who uses what, and what can go' %{
    nginx-analyzer-find-root
    nginx-analyzer-page report report %opt{nginx_analyzer_root}
}
define-command nginx-analyzer-expand -docstring 'everything with includes in their places' %{
    nginx-analyzer-find-root
    nginx-analyzer-page expand expand %opt{nginx_analyzer_file}
    require-module nginx
    add-highlighter buffer/nginx ref nginx
}
define-command nginx-analyzer-cleanup-plan -docstring 'what can be commented out without risk; changes nothing' %{
    nginx-analyzer-find-root
    nginx-analyzer-page cleanup cleanup plan %opt{nginx_analyzer_root}
    set-option buffer filetype diff
}
