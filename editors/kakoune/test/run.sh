#!/usr/bin/env bash
# run.sh [BINARY]: Kakoune with kakoune-lsp in a terminal, installed as ../README.md says, on a copy of examples/oauth2-gateway in an empty home.
# BINARY: by default target/debug/nginx-analyzer. Exit status: 0 passed, 77 skipped, else failed.
# Env: KAK  the kak to use, by default the one on PATH, else what ../../fetch.sh gets; kak-lsp is to be on PATH, or beside it
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
editor kak KAK kak kakoune
command -v kak-lsp > /dev/null || skip 'kak-lsp is not on PATH'
command -v perl > /dev/null || skip 'the menus of kakoune-lsp need perl'
need_terminal
echo "kakoune-lsp $(kak-lsp --version)"
page=$here/../README.md

fresh_home kakoune
mkdir -p "$HOME/.config/kak" "$HOME/run"
chmod 700 "$HOME/run"
export XDG_RUNTIME_DIR=$HOME/run XDG_CONFIG_HOME=$HOME/.config
{ block "$page" kakrc; block "$page" settings; } > "$HOME/.config/kak/kakrc"
limited "$python" "$here/session.py" "$kak" "$HOME/project/gateway"
limited "$python" "$here/names.py" "$kak" "$root/editors/test/names.tsv" "$HOME/named"
messages_are_right
