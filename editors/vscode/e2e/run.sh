#!/usr/bin/env bash
# run.sh [BINARY [SHOTS]]: the extension in the real VS Code (code-server) on a copy of examples/oauth2-gateway: first its own API inside the
# extension host (host/index.cjs), then the package with the server in it, installed, and the window as a person sees it (ui.mjs), at last in a folder
# that is not trusted. BINARY is nginx-analyzer, by default target/debug's; SHOTS a folder
# for the screenshots. Exit status: 0 passed, 77 skipped (no code-server, no browser), else failed.
# Env: CODE_SERVER       the folder of an installed code-server, by default the one that ../../fetch.sh gets
#      CODE_SERVER_NODE  the node that it was built for, by default the one on PATH
#      CHROMIUM          the browser, by default the one on PATH
#      E2E               host, ui or trust: only that part
#      E2E_PARTS         only some of its files, such as `map life`
#      LSP_PYTHON        a python3 that has lsprotocol; with it every message of the first part is checked by validate/lsp_strict_proxy.py
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
extension=$(dirname "$here")
root=$(cd "$here/../../.." && pwd)
node=${CODE_SERVER_NODE:-node}
server=$(realpath "${1:-$root/target/debug/nginx-analyzer}")
[ -x "$server" ] || { echo "no executable at $server: run cargo build first" >&2; exit 2; }
if [ -z "${CODE_SERVER:-}" ]; then
  command=$("$root/editors/fetch.sh" code-server) || { echo 'skipped: CODE_SERVER is not set, and no code-server could be fetched'; exit 77; }
  CODE_SERVER=$(dirname "$(dirname "$command")")
fi
[ -n "${CHROMIUM:-}" ] || command -v chromium > /dev/null || command -v chromium-browser > /dev/null || command -v google-chrome > /dev/null || {
  echo 'skipped: no Chromium (set CHROMIUM to one)'
  exit 77
}
echo "code-server $("$node" "$CODE_SERVER/out/node/entry.js" --version | tail -1)"
[ -d "$extension/node_modules" ] || (cd "$extension" && npm ci --no-audit --no-fund --loglevel=error >&2)

work=$(mktemp -d)
pids=()
cleanup() {
  for pid in "${pids[@]}"; do kill "$pid" 2> /dev/null || true; done
  for pid in "${pids[@]}"; do wait "$pid" 2> /dev/null || true; done
  rm -rf "$work"
}
trap cleanup EXIT
shots=${2:-$work/shots}
mkdir -p "$shots"

# The package as it is published for one system, with the server in it.
stage=$work/extension
mkdir -p "$stage/bin"
(cd "$extension" && cp -r package.json README.md CHANGELOG.md LICENSE* .vscodeignore language media src syntaxes webview tsconfig.json "$stage/" && ln -s "$extension/node_modules" "$stage/node_modules")
cp "$server" "$stage/bin/nginx-analyzer"
(cd "$stage" && npm run --silent package -- --target "$("$node" -p 'process.platform + "-" + process.arch')" --out "$work/nginx-analyzer.vsix") > "$work/package.log" 2>&1 || { cat "$work/package.log" >&2; exit 1; }
(cd "$extension" && npm run --silent build) > "$work/build.log" 2>&1 || { cat "$work/build.log" >&2; exit 1; }

# Letters as on most people's screens, where they are installed.
cat > "$work/fonts.conf" << XML
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <alias binding="strong"><family>sans-serif</family><prefer><family>Inter</family></prefer></alias>
</fontconfig>
XML
[ -e /etc/fonts/fonts.conf ] && export FONTCONFIG_FILE=$work/fonts.conf

# start NAME [SERVER [TRUST]]: code-server with an empty profile, on its own copy of the example, which lies in somebody's home; sets $url and $gateway. With a SERVER the
# extension is not installed (it is under development then) and is told to use that; without, the package is installed and brings its own.
start() {
  local home=$work/$1 server=${2:-} trust=${3:-false} port
  gateway=$home/home/gateway
  mkdir -p "$home/data/User" "$home/data/Machine" "$home/extensions" "$home/home"
  cp -r "$root/examples/oauth2-gateway" "$gateway"
  node "$here/recent.mjs" "$gateway/logs/openresty.log"
  cat > "$home/data/User/settings.json" << JSON
{ "workbench.colorTheme": "${THEME:-Default Dark Modern}", "editor.fontFamily": "'JetBrains Mono', 'DejaVu Sans Mono', monospace", "workbench.startupEditor": "none", "security.workspace.trust.enabled": $trust, "security.workspace.trust.startupPrompt": "never",
  "telemetry.telemetryLevel": "off", "update.mode": "none", "extensions.autoUpdate": false, "extensions.autoCheckUpdates": false,
  "extensions.ignoreRecommendations": true, "workbench.tips.enabled": false, "workbench.enableExperiments": false, "git.enabled": false,
  "chat.commandCenter.enabled": false, "chat.disableAIFeatures": true, "workbench.secondarySideBar.defaultVisibility": "hidden",
  "window.commandCenter": false, "workbench.layoutControl.enabled": false, "editor.minimap.enabled": false, "editor.fontSize": 13,
  "files.autoSave": "off" }
JSON
  # What the machine's settings say, not the person's, counts for a path on the machine that the folder is on.
  [ -z "$server" ] || printf '{ "nginxAnalyzer.server.path": "%s" }\n' "$server" > "$home/data/Machine/settings.json"
  port=$("$node" -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })')
  printf 'bind-addr: 127.0.0.1:%s\nauth: none\ncert: false\n' "$port" > "$home/config.yaml"
  local command=("$node" "$CODE_SERVER/out/node/entry.js" --user-data-dir "$home/data" --extensions-dir "$home/extensions" --config "$home/config.yaml")
  [ -n "$server" ] || HOME=$home/home "${command[@]}" --install-extension "$work/nginx-analyzer.vsix" > "$home/install.log" 2>&1 || { cat "$home/install.log" >&2; exit 1; }
  HOME=$home/home "${command[@]}" --auth none --disable-telemetry --disable-update-check $([ "$trust" = true ] || echo --disable-workspace-trust) --disable-getting-started-override \
    "$gateway" > "$home/server.log" 2>&1 &
  pids+=($!)
  url=http://127.0.0.1:$port
  for _ in $(seq 200); do
    if (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then return; fi
    sleep 0.1
  done
  cat "$home/server.log" >&2
  exit 1
}

python=${LSP_PYTHON:-python3}
checked=$server
if "$python" -c 'import lsprotocol' 2> /dev/null; then
  checked=$work/nginx-analyzer
  cat > "$checked" << SH
#!/bin/sh
LSP_PROXY_OUT='$work/messages.jsonl' exec '$python' '$root/editors/validate/lsp_strict_proxy.py' '$server' "\$@"
SH
  chmod +x "$checked"
else
  echo "skipped: the check of every message needs a python3 with lsprotocol (pip install lsprotocol; set LSP_PYTHON)"
fi
case ${E2E:-all} in all | host)
  start host "$checked"
  node "$here/host.mjs" "$url" "$gateway" "$extension" "$here/host/index.cjs" "$shots"
  if [ "$checked" != "$server" ]; then "$python" "$root/editors/validate/report.py" "$work/messages.jsonl"; fi
  ;;
esac
case ${E2E:-all} in all | ui)
  start ui
  node "$here/ui.mjs" "$url" "$gateway" "$shots" ${E2E_PARTS:-begin findings usage trace map graph pages cleanup}
  ;;
esac
case ${E2E:-all} in all | trust)
  start trust '' true
  # What a folder of somebody else may bring along: a setting that names a program.
  mkdir "$gateway/.vscode"
  printf '#!/bin/sh\ntouch "%s"\n' "$gateway/ran" > "$gateway/server"
  chmod +x "$gateway/server"
  printf '{ "nginxAnalyzer.server.path": "%s" }\n' "$gateway/server" > "$gateway/.vscode/settings.json"
  node "$here/ui.mjs" "$url" "$gateway" "$shots" trust
  ;;
esac
