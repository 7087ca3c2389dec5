#!/usr/bin/env bash
# run.sh [BINARY]: Helix in a terminal, installed as ../README.md says, on a copy of examples/oauth2-gateway in an empty home.
# BINARY: by default target/debug/nginx-analyzer. Exit status: 0 passed, 77 skipped, else failed.
# Env: HX  the hx to use, by default the one on PATH, else what ../../fetch.sh gets
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
editor hx HX hx helix
need_terminal
"$hx" --version
page=$here/../README.md

fresh_home helix
follow "$page" install
if command -v cc > /dev/null; then follow "$page" grammar; grammar=yes; else
  echo 'skipped: the colours need a C compiler' >&2
  sed -i '/^grammar = /d; /^# The commit/d; /^\[\[grammar\]\]$/,$d' "$HOME/.config/helix/languages.toml"
  grammar=no
fi
block "$page" config.toml > "$HOME/.config/helix/config.toml"
block "$page" settings >> "$HOME/.config/helix/languages.toml"
mkdir -p "$HOME/project/gateway/.helix"
limited "$python" "$here/session.py" "$hx" "$HOME/project/gateway" $grammar
limited "$python" "$here/names.py" "$hx" "$root/editors/test/names.tsv" "$HOME/named"
messages_are_right
