#!/usr/bin/env bash
# test.sh BINARY [PART…]: makes every package of a binary that runs here, installs each as a user would into an empty place, and asks the installed
# program for its version and for the findings of the example. What can't be tried here says `skipped: …`. Parts:
#   schemas archive wheel npm deb action pre-commit docs vscode image
# It reaches PyPI (pre-commit, PyYAML) and npm's registry (the extension's build), and installs nothing outside of its temporary folder.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
binary=$(realpath "$1")
shift
parts=("${@:-}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
failed=()
skipped=()
ok() { printf 'ok   %s\n' "$*"; }
skip() { printf 'skipped: %s\n' "$*"; return 77; }
has() { command -v "$1" >/dev/null 2>&1; }

part() {
  local name=$1 status
  shift
  [ -z "${parts[0]}" ] || [[ " ${parts[*]} " == *" $name "* ]] || return 0
  echo "== $name"
  # Not `(…) || status=$?`: there `set -e` would not hold inside.
  set +e
  (set -e; "$@")
  status=$?
  set -e
  case $status in 0) ;; 77) skipped+=("$name") ;; *) failed+=("$name") ;; esac
}

# An installed program says its version, and of the example what it has to say.
works() {
  local program=$1 status=0
  [ "$("$program" --version)" = "nginx-analyzer $version" ]
  "$program" check "$root/examples/oauth2-gateway" >"$work/said" 2>&1 || status=$?
  [ "$status" -eq 1 ] || { echo "check ended with $status" >&2; cat "$work/said" >&2; return 1; }
  grep -q '^warning\[dead-location\]' "$work/said" || { echo 'no dead location in the example' >&2; return 1; }
  ok "$2: --version and check"
}

archive() {
  mkdir "$work/unpacked"
  tar -xzf "$work"/dist/nginx-analyzer-*.tar.gz -C "$work/unpacked"
  cd "$work"/unpacked/nginx-analyzer-*
  works ./nginx-analyzer archive
  for file in README.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT THIRD-PARTY-LICENSES.txt man/man1/nginx-analyzer-check.1 \
    completions/nginx-analyzer.bash completions/_nginx-analyzer completions/nginx-analyzer.fish completions/_nginx-analyzer.ps1 \
    completions/nginx-analyzer.elv; do
    [ -s "$file" ] || { echo "the archive has no $file" >&2; return 1; }
  done
  for crate in libgit2 pcre2-sys tree-sitter tokio; do
    grep -q "$crate" THIRD-PARTY-LICENSES.txt || { echo "THIRD-PARTY-LICENSES.txt says nothing of $crate" >&2; return 1; }
  done
  ok 'licences, manual and completions are in it'
  # `cargo binstall` finds the program where Cargo.toml says that it is.
  python3 - "$root/Cargo.toml" "$PWD" <<'PYTHON'
import pathlib, re, sys
text = pathlib.Path(sys.argv[1]).read_text()
folder = pathlib.Path(sys.argv[2])
section = text.split("[package.metadata.binstall]")[1].split("\n[")[0]
fields = dict(re.findall(r'^([a-z-]+) = "(.*)"$', section, re.M))
values = {"name": "nginx-analyzer", "bin": "nginx-analyzer", "target": folder.name.removeprefix("nginx-analyzer-"), "binary-ext": "", "archive-suffix": ".tar.gz"}
expand = lambda template: re.sub(r"\{ ([a-z-]+) \}", lambda found: values.get(found[1], "?"), template)
assert fields["pkg-fmt"] == "tgz", fields
assert (folder.parent / expand(fields["bin-dir"])).is_file(), expand(fields["bin-dir"])
name = expand(fields["pkg-url"]).rsplit("/", 1)[1]
assert (folder.parent.parent / "dist" / name).is_file(), name
PYTHON
  ok 'cargo binstall looks for this name and this path'
  # The same sources and the same binary give the same bytes.
  (cd "$root" && cargo xtask packages "$work/nginx-analyzer" "$work/again" >/dev/null)
  diff -r "$work/dist" "$work/again"
  ok 'made a second time, every package has the same bytes'
}

wheel() {
  python3 -m venv "$work/venv"
  "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index --find-links "$work/dist" nginx-analyzer
  works "$work/venv/bin/nginx-analyzer" wheel
  "$work/venv/bin/pip" check --disable-pip-version-check >/dev/null
  "$work/venv/bin/pip" show --files nginx-analyzer >"$work/shown"
  ! grep -q '\.py$' "$work/shown" || { echo 'there is Python in the wheel' >&2; return 1; }
  "$work/venv/bin/pip" uninstall --quiet --yes nginx-analyzer
  [ ! -e "$work/venv/bin/nginx-analyzer" ]
  ok 'no Python in it, and nothing is left of it when it is uninstalled'
}

npm_packages() {
  has npm || skip 'npm is not installed'
  # A registry that has these packages and no others: npm chooses by itself which one is for this platform.
  local url registry
  mkfifo "$work/registry"
  python3 "$here/test/registry.py" "$work/dist" "$work/registry" &
  registry=$!
  # shellcheck disable=SC2064
  trap "kill $registry" EXIT
  url=$(cat "$work/registry")
  npm install --silent --no-audit --no-fund --cache "$work/npm-cache" --registry "$url" --prefix "$work/npm" --global nginx-analyzer
  local program=$work/npm/bin/nginx-analyzer modules=$work/npm/lib/node_modules/nginx-analyzer/node_modules/@nginx-analyzer
  works "$program" npm
  [ "$(ls "$modules" | wc -l)" -eq 1 ]
  ok 'only the binary of this platform came along'
  # What ends the launcher ends the server, and the language server answers through it.
  local request='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}'
  local leave='{"jsonrpc":"2.0","id":2,"method":"shutdown"}' exit='{"jsonrpc":"2.0","method":"exit"}'
  for message in "$request" '{"jsonrpc":"2.0","method":"initialized","params":{}}' "$leave" "$exit"; do
    printf 'Content-Length: %d\r\n\r\n%s' "${#message}" "$message"
  done | "$program" lsp | grep -q '"name":"nginx-analyzer"'
  ok 'the language server answers through the launcher'
  mv "$modules" "$work/elsewhere"
  local status=0
  "$program" --version 2>"$work/said" || status=$?
  [ "$status" -eq 2 ] && grep -q 'optional dependency' "$work/said"
  ok 'without the platform package the launcher says what to do'
}

deb() {
  has dpkg || skip 'dpkg is not installed'
  local package admin=$work/debian/var/lib/dpkg
  package=$(echo "$work"/dist/*.deb)
  mkdir -p "$admin/info" "$admin/updates"
  touch "$admin/status"
  dpkg-deb --info "$package" >/dev/null
  # Dependencies are those of a whole system, which the empty place is not.
  dpkg --root="$work/debian" --force-depends --force-not-root --force-script-chrootless --log=/dev/null --install "$package" >/dev/null 2>&1
  works "$work/debian/usr/bin/nginx-analyzer" deb
  dpkg --root="$work/debian" --verify nginx-analyzer
  [ "$(dpkg-query --admindir="$admin" --show --showformat '${Version}' nginx-analyzer)" = "${version//-/\~}-1" ]
  gzip --test "$work/debian/usr/share/man/man1/nginx-analyzer.1.gz" "$work/debian/usr/share/doc/nginx-analyzer/changelog.Debian.gz"
  ok 'dpkg installs and verifies it'
  if has lintian; then
    lintian --allow-root --fail-on error,warning --tag-display-limit 0 "$package"
    ok "no errors and no warnings: $(lintian --version)"
  else
    echo 'skipped: lintian is not installed'
  fi
}

# python3 with what the scripts beside this one need, once for all parts.
python_with() {
  [ -x "$work/tools/bin/python3" ] || python3 -m venv "$work/tools"
  "$work/tools/bin/pip" install --quiet --disable-pip-version-check "$1" || skip "$1 can't be fetched"
}

action() {
  python_with pyyaml
  "$work/tools/bin/python3" "$here/test/action.py" "$work/dist" "$version"
}

pre_commit() {
  has git || skip 'git is not installed'
  python_with pre-commit
  local git=(git -c user.name=test -c user.email=test@example.org -c commit.gpgsign=false -c init.defaultBranch=main)
  export PRE_COMMIT_HOME=$work/pre-commit HOME=$work/home PIP_DISABLE_PIP_VERSION_CHECK=1 PATH=$work/tools/bin:$PATH
  mkdir -p "$HOME"
  # Hooks as they are here, committed or not.
  mkdir "$work/hooks"
  cp "$root/.pre-commit-hooks.yaml" "$root/pyproject.toml" "$work/hooks"
  (cd "$work/hooks" && "${git[@]}" init --quiet && "${git[@]}" add -A && "${git[@]}" commit --quiet -m hooks)
  cp -r "$root/examples/oauth2-gateway" "$work/project"
  cd "$work/project"
  "${git[@]}" init --quiet && "${git[@]}" add -A
  local status=0
  # The wheel of this version is not on PyPI yet; setuptools, which builds the hook, is.
  PIP_FIND_LINKS=$work/dist pre-commit try-repo "$work/hooks" nginx-analyzer --all-files >"$work/said" 2>&1 || status=$?
  [ "$status" -eq 1 ] && grep -q 'warning\[dead-location\]' "$work/said" || { cat "$work/said" >&2; return 1; }
  ok 'pre-commit installs the hook from the wheel, and it finds what is there'
  # A project without anything to find passes, and one without nginx's files is left alone.
  "${git[@]}" rm --quiet -rf . && rm -rf ./*
  printf 'events {}\nhttp {\n    server {\n        listen 80;\n        location / {\n            return 204;\n        }\n    }\n}\n' >nginx.conf
  "${git[@]}" add -A
  PIP_FIND_LINKS=$work/dist pre-commit try-repo "$work/hooks" nginx-analyzer --all-files >"$work/said" 2>&1 || { cat "$work/said" >&2; return 1; }
  grep -q 'Passed' "$work/said"
  "${git[@]}" mv nginx.conf notes.md
  PIP_FIND_LINKS=$work/dist pre-commit try-repo "$work/hooks" nginx-analyzer --all-files >"$work/said" 2>&1 || { cat "$work/said" >&2; return 1; }
  grep -q 'no files to check' "$work/said"
  ok 'it passes where there is nothing to find, and does not run without files for it'
}

schemas() {
  "$here/version.sh"
  ok 'one version everywhere'
  python_with check-jsonschema
  "$work/tools/bin/check-jsonschema" --builtin-schema vendor.github-workflows "$root"/.github/workflows/*.yml
  "$work/tools/bin/check-jsonschema" --builtin-schema vendor.github-actions "$root/action.yml"
  python_with pre-commit
  "$work/tools/bin/pre-commit" validate-manifest "$root/.pre-commit-hooks.yaml"
  ok 'the workflows, the action and the hooks are what their schemas say'
}

# What docs/ci.md gives people to copy does what it says there.
pages() {
  has jq || skip 'jq is not installed'
  awk '/^```jq/ { inside = 1; next } /^```/ { inside = 0 } inside' "$root/docs/ci.md" >"$work/code-quality.jq"
  "$work/nginx-analyzer" check --no-logs --format json "$root/examples/oauth2-gateway" >"$work/findings.json" || [ $? -eq 1 ]
  jq -f "$work/code-quality.jq" "$work/findings.json" >"$work/code-quality.json"
  # The fields that GitLab asks for, one finding for each, and no two with the same fingerprint.
  jq --exit-status --slurpfile findings "$work/findings.json" '
    length > 3 and length == ($findings[0].findings | length) and length == ([.[].fingerprint] | unique | length)
    and all(.[]; (.severity | IN("info", "minor", "major")) and (.location.path | length) > 0 and .location.lines.begin > 0)
  ' "$work/code-quality.json" >/dev/null
  ok 'GitLab gets a Code Quality report'
}

vscode() {
  has npm || skip 'npm is not installed'
  (cd "$root/editors/vscode" && npm ci --silent --no-audit --no-fund) || skip 'the packages that build the extension can not be fetched'
  "$here/vscode.sh" "$work/nginx-analyzer" linux-x64 "$work/vsix" >/dev/null
  python3 - "$work"/vsix/nginx-analyzer-linux-x64-*.vsix "$work/bundled" <<'PYTHON'
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as package:
    assert 'TargetPlatform="linux-x64"' in package.read("extension.vsixmanifest").decode()
    open(sys.argv[2], "wb").write(package.read("extension/bin/nginx-analyzer"))
    mode = package.getinfo("extension/bin/nginx-analyzer").external_attr >> 16
    assert mode & 0o111 == 0o111, oct(mode)
    notices = package.read("extension/THIRD-PARTY-LICENSES.txt").decode()
    assert "libgit2" in notices and "vscode-languageclient" in notices, notices[:500]
PYTHON
  chmod +x "$work/bundled"
  works "$work/bundled" 'extension for linux-x64'
}

image() {
  [[ $(echo "$work"/dist/*.tar.gz) == *-musl.tar.gz ]] || skip 'the image needs a static binary (target *-linux-musl)'
  local architecture
  architecture=$(uname -m | sed 's/x86_64/amd64/; s/aarch64/arm64/')
  mkdir -p "$work/context/$architecture"
  tar -xzf "$work"/dist/*.tar.gz --strip-components 1 -C "$work/context/$architecture"
  if has docker && docker info >/dev/null 2>&1; then
    docker build --quiet -f "$here/Dockerfile" --build-arg TARGETARCH="$architecture" -t nginx-analyzer:test "$work/context" >/dev/null
    [ "$(docker run --rm nginx-analyzer:test --version)" = "nginx-analyzer $version" ]
    local status=0
    docker run --rm -v "$root/examples/oauth2-gateway:/work:ro" nginx-analyzer:test check . >"$work/said" || status=$?
    [ "$status" -eq 1 ] && grep -q '^warning\[dead-location\]' "$work/said"
    docker image rm nginx-analyzer:test >/dev/null
    ok 'docker builds the image, and it checks a mounted project'
  elif has buildah; then
    "$here/test/image.sh" "$here/Dockerfile" "$work/context" "$architecture" "$root/examples/oauth2-gateway" "$version"
    ok 'buildah builds the image, and it checks a mounted project'
  else
    skip 'neither a running docker nor buildah'
  fi
}

# Only what is needed to run: what helps to debug would make every package large and slow to make.
if has strip; then strip -o "$work/nginx-analyzer" "$binary"; else cp "$binary" "$work/nginx-analyzer"; fi
(cd "$root" && cargo xtask packages "$work/nginx-analyzer" "$work/dist")
(cd "$work/dist" && sha256sum -- * >"$work/SHA256SUMS")

part schemas schemas
part archive archive
part wheel wheel
part npm npm_packages
part deb deb
part action action
part pre-commit pre_commit
part docs pages
part vscode vscode
part image image

if (( ${#skipped[@]} )); then printf 'SKIPPED: %s\n' "${skipped[@]}"; fi
if (( ${#failed[@]} )); then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo 'no package failed'
