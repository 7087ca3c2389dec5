# Sourced by editors/<name>/test/run.sh: what the tests in all editors need. The script has set `here` to its own folder.
#
# Afterwards: root    the repository            server  nginx-analyzer, as the script's first argument or target/debug has it
#             work    a folder that goes at the end; work/bin is what an editor finds first on PATH: there `nginx-analyzer` is the server behind the
#                     checker of messages
#             python  a python3; with the packages of fetch.sh's `checker` where these are to be had
# Env: LSP_PYTHON  a python3 that has lsprotocol, pexpect and pyte; by default what `fetch.sh checker` gets
set -euo pipefail
root=$(cd "$here/../../.." && pwd)
server=$(realpath "${1:-$root/target/debug/nginx-analyzer}")
[ -x "$server" ] || { echo "no executable at $server: run cargo build first" >&2; exit 2; }

skip() {
  echo "skipped: $*"
  exit 77
}

# editor NAME VARIABLE PROGRAM FETCHED: sets NAME to the path of an editor's program; the environment's VARIABLE, else the one on PATH, else what fetch.sh
# gets as FETCHED. What came with it is on PATH then too.
editor() {
  local found=${!2:-}
  [ -n "$found" ] || found=$(command -v "$3" || true)
  [ -n "$found" ] || found=$("$root/editors/fetch.sh" "$4") || skip "$3 is not on PATH and could not be fetched"
  PATH=$(dirname "$found"):$PATH
  printf -v "$1" '%s' "$found"
}

export PYTHONDONTWRITEBYTECODE=1
python=${LSP_PYTHON:-}
[ -n "$python" ] || python=$("$root/editors/fetch.sh" checker 2> /dev/null) || python=python3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
messages=$work/messages.jsonl
checked=no
apart=$(command -v setsid || true)
if "$python" -c 'import lsprotocol' 2> /dev/null; then checked=yes; else
  echo 'skipped: the check of every message needs a python3 with lsprotocol (pip install lsprotocol; set LSP_PYTHON)' >&2
fi
{
  echo '#!/bin/sh'
  # Some editors kill what they have started, with its group of processes, as soon as they said `exit`, or close the terminal. That ends this script; the
  # checker goes on to its end.
  [ $checked = no ] || echo "trap '' HUP INT; if [ \"\$1\" = lsp ]; then echo >> '$work/sessions'; LSP_PROXY_OUT='$messages' $apart '$python' '$root/editors/validate/lsp_strict_proxy.py' '$server' \"\$@\"; exit; fi"
  echo "exec '$server' \"\$@\""
} > "$work/bin/nginx-analyzer"
chmod +x "$work/bin/nginx-analyzer"

# A test that draws a terminal.
need_terminal() { "$python" -c 'import pexpect, pyte' 2> /dev/null || skip 'it needs a python3 with pexpect and pyte (pip install pexpect pyte; set LSP_PYTHON)'; }

# block FILE NAME: the code of the fence that follows the line <!-- NAME -->.
block() {
  local text
  text=$(awk -v mark="<!-- $2 -->" '$0 == mark { marked = 1; next } marked && /^```/ { if (inside) exit; inside = 1; next } inside' "$1")
  [ -n "$text" ] || { echo "FAIL $1 has no block \"$2\"" >&2; exit 1; }
  printf '%s\n' "$text"
}

# follow PAGE NAME: does in the current home what a page tells to type.
follow() {
  block "$1" "$2" > "$work/followed.sh"
  (cd "$HOME" && sh -eu "$work/followed.sh") || { echo "FAIL what $1 tells to type (\"$2\")" >&2; exit 1; }
}

# fresh_home NAME: an empty home, and no other configuration; with a copy of the example in ~/project/gateway and the repository in ~/src.
fresh_home() {
  local variable
  for variable in $(compgen -e XDG_ || true); do unset "$variable"; done
  export HOME=$work/$1
  mkdir -p "$HOME/project" "$HOME/src"
  ln -s "$root" "$HOME/src/nginx-analyzer"
  cp -r "$root/examples/oauth2-gateway" "$HOME/project/gateway"
  export PATH=$work/bin:$PATH
}

# All that the checker saw; fails where the server broke the protocol.
messages_are_right() {
  [ $checked = yes ] || return 0
  [ -e "$messages" ] || { echo 'FAIL the editor has not started the server'; return 1; }
  local waited=0 begun
  begun=$(wc -l < "$work/sessions")
  until [ "$(grep -c '^{"summary"' "$messages")" -ge "$begun" ]; do
    [ $((waited += 1)) -le 100 ] || { echo "FAIL not every one of $begun servers has ended"; return 1; }
    sleep 0.1
  done
  "$python" "$root/editors/validate/report.py" "$messages"
}

# A test that hangs ends.
limited() {
  if command -v timeout > /dev/null; then timeout --kill-after=10 300 "$@"; else "$@"; fi
}
