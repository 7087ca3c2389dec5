#!/usr/bin/env bash
# run.sh [BINARY]: the plug-in and the server in a headless Neovim, installed as README.md says, each suite in an empty home on a copy of
# examples/oauth2-gateway. Neither your configuration nor your plug-ins are read. BINARY: by default target/debug/nginx-analyzer.
# Exit status: 0 passed, 77 skipped (no Neovim of 0.10 or newer), else failed.
# Env: NVIM        the nvim to use, by default the one on PATH, else the newest that ../../fetch.sh gets
#      LSP_PYTHON  a python3 that has lsprotocol; with it every message is checked by validate/lsp_strict_proxy.py
#      SUITES      which of suites/*.lua, by default all
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
server=$(realpath "${1:-$root/target/debug/nginx-analyzer}")
[ -x "$server" ] || { echo "no executable at $server: run cargo build first" >&2; exit 2; }

# 0.10 and newer have what the plug-in uses.
supported() { [[ $("$1" --version 2> /dev/null | head -1) =~ v([0-9]+)\.([0-9]+) ]] && (( BASH_REMATCH[1] > 0 || BASH_REMATCH[2] >= 10 )); }

nvim=${NVIM:-$(command -v nvim || true)}
if [ -z "$nvim" ] || { [ -z "${NVIM:-}" ] && ! supported "$nvim"; }; then
  nvim=$("$root/editors/fetch.sh" nvim) || { echo 'skipped: no Neovim of 0.10 or newer is on PATH, and none could be fetched'; exit 77; }
fi
supported "$nvim" || { echo "skipped: $nvim is no Neovim of 0.10 or newer"; exit 77; }
"$nvim" --version | head -1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
python=${LSP_PYTHON:-python3}
messages=$work/messages.jsonl
checked=no
if "$python" -c 'import lsprotocol' 2> /dev/null; then checked=yes; else
  echo 'skipped: the check of every message needs a python3 with lsprotocol (pip install lsprotocol; set LSP_PYTHON)'
fi
# The `nginx-analyzer` that the editor finds on PATH.
{
  echo '#!/bin/sh'
  [ $checked = no ] || echo "[ \"\$1\" != lsp ] || exec '$python' '$root/editors/validate/lsp_strict_proxy.py' '$server' \"\$@\""
  echo "exec '$server' \"\$@\""
} > "$work/bin/nginx-analyzer"
chmod +x "$work/bin/nginx-analyzer"

# What README.md tells to put into init.lua where the folder is a package.
sed -n '/^<!-- init.lua -->$/,/^```$/{/^```lua$/,/^```$/{/^```/d;p}}' "$here/../README.md" > "$work/init.lua"
[ -s "$work/init.lua" ] || { echo 'FAIL README.md has no init.lua' >&2; exit 1; }

failed=()
passed=0
limit=()
if command -v timeout > /dev/null; then limit=(timeout --kill-after=10 300); fi
for suite in ${SUITES:-$(cd "$here/suites" && ls -- *.lua | sed 's/\.lua$//')}; do
  home=$work/$suite
  mkdir -p "$home/.config/nvim" "$home/.local/share/nvim/site/pack/plugins/start" "$home/project"
  cp "$work/init.lua" "$home/.config/nvim/init.lua"
  ln -s "$here/.." "$home/.local/share/nvim/site/pack/plugins/start/nginx-analyzer"
  cp -r "$root/examples/oauth2-gateway" "$home/project/gateway"
  echo "-- $suite"
  status=0
  (
    unset "${!XDG_@}" VIM VIMRUNTIME NVIM_APPNAME
    cd "$home/project/gateway"
    HOME=$home PATH=$work/bin:$PATH LSP_PROXY_OUT=$messages TESTS=$here ROOT=$root "${limit[@]}" \
      "$nvim" --headless --cmd "lua dofile(vim.env.TESTS .. '/prepare.lua')" -c "lua run('$suite')" < /dev/null
  ) > "$home.out" 2> "$home.messages" || status=$?
  cat "$home.out"
  # What the editor showed; it ends its lines as it likes.
  tr '\r' '\n' < "$home.messages" | sed '/^$/d; s/^/     | /'
  passed=$((passed + $(grep -c '^ok ' "$home.out" || true)))
  [ $status = 0 ] || failed+=("$suite")
done
if [ -e "$messages" ]; then "$python" "$root/editors/validate/report.py" "$messages" || failed+=(protocol); fi
if (( ${#failed[@]} )); then echo "FAILED: ${failed[*]}"; fi
echo "$passed passed, ${#failed[@]} failed"
(( ${#failed[@]} == 0 ))
