# Sourced by ../fetch.sh: code-server from npm alone. Its own installer loads programs from elsewhere: no package's scripts are run, and the few
# native modules that it needs are compiled here.

CODE_SERVER=4.100.3
# The one that this version is made for.
CODE_SERVER_NODE=20

npm_install() (
  cd "$1"
  # With what its authors tested, where that can be had as it is written down.
  npm ci --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error || npm install --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error
)

compile() (
  cd "$1"
  node "$gyp" rebuild --nodedir="$headers"
)

compile_argon2() (
  cd "$home/node_modules/argon2"
  PATH=$(dirname "$gyp"):$PATH npm_config_node_gyp=$gyp node "$home/node_modules/.bin/node-pre-gyp" install --build-from-source --nodedir="$headers"
)

# ripgrep as a program, which the module would load from elsewhere.
take_ripgrep() (
  folder=$home/lib/vscode/node_modules/@vscode/ripgrep/bin
  mkdir -p "$folder" "$home/tools/ripgrep"
  cd "$home/tools/ripgrep"
  tar -xzf "$(npm pack --silent "@vscode/ripgrep-linux-$1@1.18.0")"
  install -m 755 package/bin/rg "$folder/rg"
)

get_code_server() {
  need node npm make g++ python3 tar
  local gyp headers machine
  [ "$(node -p 'process.versions.node.split(".")[0]')" = $CODE_SERVER_NODE ] || refuse "Node.js $CODE_SERVER_NODE is needed, this is $(node --version)"
  headers=$(dirname "$(dirname "$(node -p 'process.execPath')")")
  [ -e "$headers/include/node/node_api.h" ] || refuse "the headers of Node.js are not installed (in $headers/include/node)"
  machine=$(node -p 'process.arch')
  local archive
  archive=$(cd "$home" && npm pack --silent "code-server@$CODE_SERVER" | tail -1) || refuse 'npm could not be reached'
  tar -xzf "$home/$archive" -C "$home" --strip-components=1
  rm "$home/$archive"
  mkdir "$home/tools"
  attempt 'node-gyp could not be installed' npm install --prefix "$home/tools" --no-audit --no-fund --loglevel=error node-gyp@11
  gyp=$home/tools/node_modules/node-gyp/bin/node-gyp.js
  local folder module
  for folder in . lib/vscode lib/vscode/extensions; do attempt "the packages of $folder could not be installed" npm_install "$home/$folder"; done
  attempt 'argon2 could not be compiled' compile_argon2
  for module in @vscode/spdlog native-watchdog @vscode/native-watchdog node-pty @parcel/watcher; do
    folder=$home/lib/vscode/node_modules/$module
    if [ -e "$folder/binding.gyp" ]; then attempt "$module could not be compiled" compile "$folder"; fi
  done
  attempt 'ripgrep could not be had' take_ripgrep "$machine"
  [ -e "$home/lib/vscode/node_modules.asar" ] || ln -s node_modules "$home/lib/vscode/node_modules.asar"
  rm -rf "$home/tools"
  command_for code-server node "$home/out/node/entry.js"
}
