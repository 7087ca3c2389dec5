#!/usr/bin/env bash
# notes.sh VERSION: prints what CHANGELOG.md says of a version.
set -euo pipefail
cd "$(dirname "$0")/.."
notes=$(awk -v version="$1" '/^## / { inside = index($2, "[" version "]") || $2 == version } inside && !/^## /' CHANGELOG.md)
if [ -z "${notes//[[:space:]]/}" ]; then
  echo "CHANGELOG.md has no section \"## $1\"" >&2
  exit 1
fi
printf '%s\n' "$notes"
