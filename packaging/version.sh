#!/usr/bin/env bash
# version.sh [VERSION]: fails unless every file that has the version has the same one, and VERSION when it is given.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml | head -n 1)
failed=0
same() {
  if [ "$2" != "$wanted" ]; then
    echo "$1 has ${2:-no version}, Cargo.toml has $wanted" >&2
    failed=1
  fi
}
field() { sed -n "s/^ *\"version\": \"\(.*\)\",\$/\1/p" "$1" | head -n 1; }

if [ -n "${1:-}" ]; then same 'the tag' "$1"; fi
same 'the crate nginx-analyzer in Cargo.lock' "$(sed -n '/^name = "nginx-analyzer"$/{n;s/^version = "\(.*\)"$/\1/p}' Cargo.lock)"
same editors/vscode/package.json "$(field editors/vscode/package.json)"
same editors/vscode/package-lock.json "$(field editors/vscode/package-lock.json)"
# As PyPI writes it: 1.0.0-rc.1 is 1.0.0rc1.
python=$(sed -e 's/-alpha\./a/; s/-beta\./b/; s/-rc\./rc/' <<<"$wanted")
for found in $(sed -n 's/^version = "\(.*\)"$/\1/p; s/^dependencies = \["nginx-analyzer==\(.*\)"\]$/\1/p' pyproject.toml); do
  [ "$found" = "$python" ] || { echo "pyproject.toml has $found, not $python" >&2; failed=1; }
done
for file in editors/neovim/mason/packages/*/package.yaml; do
  [ -e "$file" ] || continue
  same "$file" "$(sed -n 's|^  id: pkg:github/.*@v\(.*\)$|\1|p' "$file")"
done
# What people copy.
for page in README.md docs/install.md docs/ci.md; do
  for found in $(grep -oE '(nginx-analyzer@v|nginx-analyzer:|nginx-analyzer==|nginx-analyzer_|download/v|RELEASES/v|rev: v)[0-9][0-9A-Za-z.-]*' "$page" | sed 's/.*[@:=v_ ]\([0-9]\)/\1/; s/-1$//'); do
    same "$page" "${found%.}"
  done
done
exit "$failed"
