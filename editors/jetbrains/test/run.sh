#!/usr/bin/env bash
# run.sh [BINARY]: no IDE of JetBrains can be had here; so the template is held against what LSP4IJ documents, and its settings against the server's own
# schema, which BINARY prints. Exit status: 0 passed, else failed.
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
"$python" "$here/files.py" "$here/.." "$root" "$server"
