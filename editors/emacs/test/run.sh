#!/usr/bin/env bash
# run.sh [BINARY]: Emacs without a window, installed as ../README.md says, on a copy of examples/oauth2-gateway in an empty home: once with eglot, once with lsp-mode.
# BINARY: by default target/debug/nginx-analyzer. Exit status: 0 passed, 77 skipped, else failed.
# Env: EMACS  the emacs to use, by default the one on PATH, else what ../../fetch.sh gets
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
editor emacs EMACS emacs emacs
"$emacs" --version | head -1
page=$here/../README.md
export NAMES=$root/editors/test/names.tsv ROOT=$root
failed=0

# session NAME LINES...: the configuration is what the page says, and what is added for the test.
session() {
  local client=$1
  echo "-- $client"
  fresh_home "$client"
  mkdir -p "$HOME/.emacs.d"
  { block "$page" init.el; block "$page" settings; [ "$client" = files ] || block "$page" "$client"; } > "$HOME/.emacs.d/init.el"
  if [ "$client" = files ] && command -v cc > /dev/null; then follow "$page" grammar; fi
  # An Emacs that was fetched can't compile: it has no linker of its own.
  CLIENT=$client limited "$emacs" --batch --eval '(setq native-comp-enable-subr-trampolines nil native-comp-jit-compilation nil user-emacs-directory "~/.emacs.d/")' \
    -l "$HOME/.emacs.d/init.el" -l "$here/$client-test.el" -f ert-run-tests-batch-and-exit > "$work/$client.out" 2>&1 || failed=1
  sed -E 's/^ +passed +[0-9]+\/[0-9]+ +/ok   /; s/^ +skipped +[0-9]+\/[0-9]+ +/skipped in part: /; s/ \([0-9.]+ sec\)$//' "$work/$client.out" |
    grep -v -E '^(Loading|Running [0-9]+ tests|Ran [0-9]+ tests|$)'
}
session files
session eglot
if "$emacs" --batch --eval "(setq native-comp-enable-subr-trampolines nil native-comp-jit-compilation nil)" -l lsp-mode 2> /dev/null; then session lsp; else
  echo 'skipped in part: lsp-mode is not there'
fi
messages_are_right
exit $failed
