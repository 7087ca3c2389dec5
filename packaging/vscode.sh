#!/usr/bin/env bash
# vscode.sh BINARY TARGET OUT: the extension for VS Code with the binary in it. TARGET is a platform of `vsce package --target`: linux-x64, alpine-x64,
# darwin-arm64, win32-x64, …; the static binary for Linux serves both linux-* and alpine-*. `npm ci` comes first.
set -euo pipefail
binary=$(realpath "$1")
target=$2
mkdir -p "$3"
out=$(realpath "$3")
cd "$(dirname "$0")/../editors/vscode"

case $target in win32-*) name=nginx-analyzer.exe ;; *) name=nginx-analyzer ;; esac
mkdir -p bin
if [ -n "$(ls -A bin)" ]; then
  echo "editors/vscode/bin is not empty: what is in it would be packed, too" >&2
  exit 2
fi
# What was there before is there afterwards.
notices=THIRD-PARTY-LICENSES.txt
trap 'rm -f "bin/$name" "$notices"; rmdir bin' EXIT
install -m 755 "$binary" "bin/$name"
cargo xtask licences --texts "$PWD/$notices"
{ echo; node licences.mjs; } >>"$notices"
version=$(node -p 'require("./package.json").version')
npm run --silent package -- --target "$target" --out "$out/nginx-analyzer-$target-$version.vsix"
