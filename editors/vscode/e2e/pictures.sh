#!/usr/bin/env bash
# pictures.sh SHOTS: takes the pictures of the READMEs from the screenshots that `run.sh BINARY SHOTS` made, into docs/pictures, as small as they can be (pngquant).
# Look at each before it is committed.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../../.." && pwd)
shots=${1:?the folder with the screenshots}
command -v pngquant > /dev/null || { echo 'pngquant is not installed' >&2; exit 2; }
# Those that a README refers to.
names=$(grep -oh 'docs/pictures/vscode-[a-z-]*\.png' "$root/README.md" "$here/../README.md" | sort -u)
for name in $names; do
  shot=$shots/$(basename "$name")
  [ -e "$shot" ] || { echo "no $shot: run.sh makes it" >&2; exit 1; }
  pngquant --force --speed 1 --strip 128 --output "$root/$name" "$shot"
  echo "$(stat -c %s "$root/$name") $name"
done
