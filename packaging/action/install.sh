#!/usr/bin/env bash
# The action's first step: fetches the release archive for this runner, compares its checksum, and puts the binary on PATH.
#   VERSION                    the release; empty: the one of the action
#   NGINX_ANALYZER_RELEASES    where releases are, for runners that can't reach GitHub's
set -euo pipefail

version=${VERSION:-}
if [ -z "$version" ]; then
  version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$GITHUB_ACTION_PATH/Cargo.toml" | head -n 1)
fi
version=${version#v}
case $version in
  '' | *[!0-9A-Za-z.-]*) echo "::error::nginx-analyzer: \"$version\" is no version, write 0.1.0"; exit 2 ;;
esac

ending=tar.gz
case $RUNNER_OS-$RUNNER_ARCH in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  # Windows on ARM runs it, too.
  Windows-*) target=x86_64-pc-windows-msvc ending=zip ;;
  *) echo "::error::nginx-analyzer: there is no release for $RUNNER_OS on $RUNNER_ARCH"; exit 2 ;;
esac

name=nginx-analyzer-$target
releases=${NGINX_ANALYZER_RELEASES:-https://github.com/nginx-analyzer/nginx-analyzer/releases/download}
folder=$RUNNER_TEMP/nginx-analyzer-$version
mkdir -p "$folder"
cd "$folder"
for file in "$name.$ending" SHA256SUMS; do
  if ! curl --fail --silent --show-error --location --retry 3 --output "$file" "$releases/v$version/$file"; then
    echo "::error::nginx-analyzer: $releases/v$version/$file can't be fetched. Is $version released?"
    exit 2
  fi
done

# A line of sha256sum's, with the star that it puts before the names of binary files on Windows.
wanted=$(awk -v file="$name.$ending" '{ sub(/^\*/, "", $2) } $2 == file { print $1 }' SHA256SUMS)
if command -v sha256sum >/dev/null; then sum=$(sha256sum "$name.$ending"); else sum=$(shasum -a 256 "$name.$ending"); fi
if [ -z "$wanted" ] || [ "${sum%% *}" != "$wanted" ]; then
  echo "::error::nginx-analyzer: $name.$ending is not the file that SHA256SUMS names"
  exit 2
fi

# The tar of Windows reads zip; that of Git's bash, which is first on PATH there, does not.
if [ "$ending" = zip ]; then "$SYSTEMROOT/System32/tar.exe" -xf "$name.zip"; else tar -xzf "$name.tar.gz"; fi
"./$name/nginx-analyzer" --version
if [ "$ending" = zip ]; then cygpath -w "$folder/$name"; else printf '%s\n' "$folder/$name"; fi >>"$GITHUB_PATH"
