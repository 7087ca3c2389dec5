#!/usr/bin/env bash
# run.sh [BINARY]: Vim with ALE in a terminal, installed as ../README.md says, on a copy of examples/oauth2-gateway in an empty home; and with vim-lsp,
# where that is at hand. BINARY: by default target/debug/nginx-analyzer. Exit status: 0 passed, 77 skipped, else failed.
# Env: VIM_PROGRAM  the vim to use, by default the one on PATH that has ALE beside it, else what ../../fetch.sh gets
#      ALE          the folder of ALE, by default what came with that
#      VIM_LSP      the folder of vim-lsp: no package has it
here=$(cd "$(dirname "$0")" && pwd)
source "$here/../../test/session.sh"
if [ -z "${VIM_PROGRAM:-}" ]; then VIM_PROGRAM=$("$root/editors/fetch.sh" vim) || skip 'Vim and ALE could not be fetched'; fi
ale=${ALE:-$(dirname "$VIM_PROGRAM")/../usr/share/vim-ale}
[ -e "$ale/plugin/ale.vim" ] || ale=/usr/share/vim-ale
[ -e "$ale/plugin/ale.vim" ] || skip 'ALE is not there'
need_terminal
echo "vim $("$VIM_PROGRAM" --version | sed -n '1s/.*Vi IMproved \([0-9.]*\).*/\1/p')"
page=$here/../README.md
block "$page" coc | cmp - "$here/../coc-settings.json" || { echo 'FAIL README.md and coc-settings.json differ'; exit 1; }
echo 'ok   the page has the settings for coc.nvim'

fresh_home ale
follow "$page" install
mkdir -p "$HOME/.vim/pack/ale/start"
ln -s "$ale" "$HOME/.vim/pack/ale/start/ale"
{ echo 'set nocompatible noswapfile'; echo 'syntax on'; echo 'filetype plugin indent on'; block "$page" ale; block "$page" settings; } > "$HOME/.vimrc"
limited "$python" "$here/session.py" "$VIM_PROGRAM" "$HOME/project/gateway" ale
limited "$VIM_PROGRAM" -es -u "$HOME/.vimrc" --cmd "let g:ale_enabled = 0" -c "let g:names = '$root/editors/test/names.tsv'" -S "$here/names.vim" || { cat "$HOME/names.out"; exit 1; }
cat "$HOME/names.out"

if [ -n "${VIM_LSP:-}" ]; then
  fresh_home vim-lsp
  follow "$page" install
  mkdir -p "$HOME/.vim/pack/lsp/start"
  ln -s "$VIM_LSP" "$HOME/.vim/pack/lsp/start/vim-lsp"
  { echo 'set nocompatible noswapfile'; echo 'syntax on'; echo 'filetype plugin indent on'; block "$page" settings; } > "$HOME/.vimrc"
  limited "$python" "$here/session.py" "$VIM_PROGRAM" "$HOME/project/gateway" vim-lsp
else
  echo 'skipped in part: VIM_LSP is not set (the folder of vim-lsp)'
fi
messages_are_right
