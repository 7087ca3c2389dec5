#!/usr/bin/env bash
# run.sh [BINARY]: Kate without a screen, installed as ../README.md says, on a copy of examples/oauth2-gateway in an empty home. Nobody can look at it or
# press its keys here: what it says to the server, and what it is answered, is what is checked. BINARY: by default target/debug/nginx-analyzer.
# Exit status: 0 passed, 77 skipped, else failed.
# Env: KATE  the kate to use, by default the one on PATH, else what ../../fetch.sh gets
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
editor kate KATE kate kate
[ $checked = yes ] || skip 'it needs a python3 with lsprotocol (pip install lsprotocol; set LSP_PYTHON)'
page=$here/../README.md

fresh_home kate
mkdir -p "$HOME/run"
chmod 700 "$HOME/run"
export XDG_RUNTIME_DIR=$HOME/run XDG_CONFIG_HOME=$HOME/.config QT_QPA_PLATFORM=offscreen LSP_PROXY_SEEN=$work/seen.jsonl
"$kate" --version 2> /dev/null
follow "$page" install
# The answer to what Kate asks a person once.
printf '[lspclient]\nAllowedServerCommandLines=%s lsp\n' "$work/bin/nginx-analyzer" > "$HOME/.config/katerc"
"$python" - "$HOME/.config/kate/lspclient/settings.json" "$(block "$page" settings)" << 'SETTINGS'
import json, sys
settings = json.load(open(sys.argv[1]))
settings["servers"]["nginx"]["settings"] = json.loads(sys.argv[2])
json.dump(settings, open(sys.argv[1], "w"))
SETTINGS
mkdir -p "$HOME/tree/conf.d"
block "$page" .kateconfig > "$HOME/tree/.kateconfig"
limited "$python" "$here/session.py" "$kate" "$HOME/project/gateway" "$HOME/tree" "$LSP_PROXY_SEEN"
"$python" "$here/names.py" "$root/editors/test/names.tsv" "$HOME/.config/katemoderc"
messages_are_right
