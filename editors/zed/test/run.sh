#!/usr/bin/env bash
# run.sh [BINARY]: no Zed runs without a graphics card, so this is what can be said without one: the extension compiles for WebAssembly, its files name
# each other rightly, and its queries fit the grammar and find what they are for (in Neovim, which reads the same queries). BINARY starts the tasks.
# Exit status: 0 passed, 77 skipped, else failed.
# Env: NVIM  the nvim that reads the queries, by default the one on PATH, else what ../../fetch.sh gets
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
editor nvim NVIM nvim nvim
command -v cargo > /dev/null || skip 'cargo is not on PATH'
command -v cc > /dev/null || skip 'there is no C compiler'
target=$(rustc --print target-libdir --target wasm32-wasip2)
[ -d "$target" ] || rustup target add wasm32-wasip2 > /dev/null 2>&1 || skip 'the target wasm32-wasip2 could not be had (rustup target add wasm32-wasip2)'

cargo_home=${CARGO_HOME:-$HOME/.cargo} rustup_home=${RUSTUP_HOME:-$HOME/.rustup}
sed -n 's/^zed_extension_api = "\(.*\)"/zed_extension_api \1/p' "$here/../Cargo.toml"
fresh_home zed
export CARGO_HOME=$cargo_home RUSTUP_HOME=$rustup_home
if ! CARGO_TARGET_DIR=$root/target/zed cargo fetch --quiet --locked --manifest-path "$here/../Cargo.toml"; then skip 'crates.io could not be reached'; fi
CARGO_TARGET_DIR=$root/target/zed cargo check --quiet --locked --offline --target wasm32-wasip2 --manifest-path "$here/../Cargo.toml"
echo 'ok   the extension compiles'
mkdir "$HOME/parser"
cc -shared -fPIC -O2 -I "$root/grammar/src" "$root/grammar/src/parser.c" "$root/grammar/src/scanner.c" -o "$HOME/parser/nginx_conf.so"
"$nvim" --headless -u NONE -l "$here/queries.lua" "$here/../languages/nginx" "$HOME/parser/nginx_conf.so" "$root/examples/oauth2-gateway/nginx.conf" 2>&1
"$python" "$here/files.py" "$here/.." "$root"
