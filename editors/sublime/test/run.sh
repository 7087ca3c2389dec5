#!/usr/bin/env bash
# run.sh [BINARY]: Sublime Text can't be had without its maker's site; so the syntax is read by bat, which understands it, and shows the example in its
# colours; and the files are what Sublime Text reads. Exit status: 0 passed, 77 skipped, else failed.
# Env: BAT  the bat to use, by default the one on PATH, else what ../../fetch.sh gets
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
editor bat BAT bat bat
"$bat" --version
fresh_home sublime
follow "$here/../README.md" install
mkdir -p "$HOME/bat/syntaxes" "$HOME/cache"
# bat has an nginx of its own: ours gets another name there.
sed 's/^name: nginx$/name: ours/' "$HOME/.config/sublime-text/Packages/nginx-analyzer/nginx.sublime-syntax" > "$HOME/bat/syntaxes/nginx.sublime-syntax"
"$bat" cache --build --source "$HOME/bat" --target "$HOME/cache" > "$work/built" 2>&1 || { cat "$work/built"; echo 'FAIL the syntax is understood'; exit 1; }
echo 'ok   the syntax is understood'
BAT_CACHE_PATH=$HOME/cache "$python" "$here/files.py" "$bat" "$here/.." "$root"
