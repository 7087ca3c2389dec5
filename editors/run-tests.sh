#!/usr/bin/env bash
# run-tests.sh [BINARY]: those of the editors' tests that run before every change lands. BINARY is nginx-analyzer, by default target/debug/nginx-analyzer.
#   VS Code   the extension's unit tests and its package: always (needs node and npm)
#   VS Code   its graph in a browser: where there is a Chromium (env CHROMIUM, else the one on PATH)
#   Neovim    the newest (env NVIM, else the one on PATH, else fetched) and the oldest that is supported (fetched)
#   VS Code   in a real one, when env CODE_SERVER names the folder of a code-server
# What is left out is said. `cargo xtask editors` runs the tests in every editor.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
server=$(realpath "${1:-$here/../target/debug/nginx-analyzer}")
[ -x "$server" ] || { echo "no executable at $server: run cargo build first" >&2; exit 2; }

failed=()
skipped=()
part() {
  local name=$1 status=0
  shift
  echo "== $name"
  "$@" || status=$?
  case $status in
    0) ;;
    77) skipped+=("$name") ;;
    *) failed+=("$name") ;;
  esac
}

unit() (
  cd "$here/vscode"
  npm ci --no-audit --no-fund && npm run check && npm test && npm run package -- --out "$(mktemp -d)/nginx-analyzer.vsix"
)

graph() {
  npm --prefix "$here/vscode" run --silent test:graph
}

oldest_neovim() {
  local nvim
  nvim=$("$here/fetch.sh" nvim-oldest) || { echo 'skipped: the oldest Neovim could not be fetched'; return 77; }
  NVIM=$nvim "$here/neovim/test/run.sh" "$server"
}

real_vscode() {
  [ -n "${CODE_SERVER:-}" ] || { echo 'skipped: CODE_SERVER is not set (the folder of a code-server)'; return 77; }
  "$here/vscode/e2e/run.sh" "$server" ${SHOTS:+"$SHOTS"}
}

# With it, every message of the server is checked.
if [ -z "${LSP_PYTHON:-}" ]; then
  LSP_PYTHON=$("$here/fetch.sh" checker) && export LSP_PYTHON || unset LSP_PYTHON
fi
part 'VS Code: unit tests and package' unit
part 'VS Code: the graph in a browser' graph
part 'Neovim' "$here/neovim/test/run.sh" "$server"
part 'Neovim, the oldest that is supported' oldest_neovim
part 'VS Code: in a real one' real_vscode

if (( ${#skipped[@]} )); then printf 'SKIPPED: %s\n' "${skipped[@]}"; fi
if (( ${#failed[@]} )); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo 'no editor test failed'
