#!/usr/bin/env bash
# run-tests.sh [BINARY]: the tests of the editors' parts. BINARY is nginx-analyzer, by default target/debug/nginx-analyzer.
#   VS Code   the extension's unit tests and its package: always (needs node and npm)
#   Neovim    in a headless one, when there is one of 0.11 or newer (env NVIM, else PATH)
#   VS Code   in a real one, when env CODE_SERVER names the folder of a code-server
# What is left out is said.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
server=$(realpath "${1:-$here/../target/debug/nginx-analyzer}")
[ -x "$server" ] || { echo "no executable at $server: run cargo build first" >&2; exit 2; }

failed=()
part() {
  local name=$1
  shift
  echo "== $name"
  "$@" || failed+=("$name")
}

unit() (
  cd "$here/vscode"
  npm ci --no-audit --no-fund && npm run check && npm test && npm run package -- --out "$(mktemp -d)/nginx-analyzer.vsix"
)

part 'VS Code: unit tests and package' unit
part 'Neovim' "$here/neovim/test/run.sh" "$server"
if [ -n "${CODE_SERVER:-}" ]; then
  part 'VS Code: in a real one' "$here/vscode/e2e/run.sh" "$server" ${SHOTS:+"$SHOTS"}
else
  echo '== VS Code: in a real one'
  echo 'skipped: CODE_SERVER is not set (the folder of a code-server)'
fi

if (( ${#failed[@]} )); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo 'all editor tests passed'
