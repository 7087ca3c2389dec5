#!/usr/bin/env bash
# run.sh [BINARY]: the server in a headless Neovim, on a copy of examples/oauth2-gateway. Neither your configuration nor your plugins are read.
# BINARY: nginx-analyzer, by default target/debug/nginx-analyzer.
# Env: NVIM        the nvim to use (may have arguments), by default the one on PATH
#      LSP_PYTHON  a python3 that has lsprotocol; with it every message is checked by validate/lsp_strict_proxy.py
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
server=$(realpath "${1:-$root/target/debug/nginx-analyzer}")
[ -x "$server" ] || { echo "no executable at $server: run cargo build first" >&2; exit 2; }

read -ra nvim <<< "${NVIM:-nvim}"
if ! command -v "${nvim[0]}" > /dev/null; then
  echo "skipped: Neovim is not installed (set NVIM to one of 0.11 or newer)"
  exit 0
fi
found=$("${nvim[@]}" --version | head -1)
if ! [[ $found =~ v([0-9]+)\.([0-9]+) ]] || (( BASH_REMATCH[1] == 0 && BASH_REMATCH[2] < 11 )); then
  echo "skipped: $found is too old, 0.11 or newer is needed (set NVIM)"
  exit 0
fi
echo "$found"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r "$root/examples/oauth2-gateway" "$work/gateway"
export XDG_CONFIG_HOME=$work/config XDG_DATA_HOME=$work/data XDG_STATE_HOME=$work/state XDG_CACHE_HOME=$work/cache
export FILE=$work/gateway/nginx.conf RUNTIME=$root/editors/neovim SERVER=$server CHECKER='' LSP_PROXY_OUT=$work/messages.jsonl
python=${LSP_PYTHON:-python3}
if "$python" -c 'import lsprotocol' 2> /dev/null; then
  export LSP_PYTHON=$python CHECKER=$root/editors/validate/lsp_strict_proxy.py
else
  echo "skipped: the check of every message needs a python3 with lsprotocol (pip install lsprotocol; set LSP_PYTHON)"
fi
"${nvim[@]}" --headless -u NONE -l "$here/test.lua"
if [ -n "$CHECKER" ]; then
  "$python" "$root/editors/validate/report.py" "$LSP_PROXY_OUT"
fi
