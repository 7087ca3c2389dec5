#!/usr/bin/env bash
# fetch.sh NAME: gets an editor (or what its tests need) into a folder of our own; nothing is installed in the system, nor needs to be root.
# Prints the path of what starts it; more of its programs may lie beside that. What is there already is taken as it is. Exit status: 0 it is
# there, 77 it can't be had here (the reason is on the standard error), 2 wrong use.
#   nvim          the newest Neovim that Debian has       nvim-oldest   the oldest one that is supported
#   helix         the newest one                          helix-oldest  the oldest one that is supported
#   emacs kakoune kate vim                                from Debian too
#   bat           reads Sublime Text's syntaxes, from Debian
#   code-server   VS Code in a browser, from npm          checker       a python3 with the protocol's types, from PyPI
# Env: EDITORS_CACHE  the folder, by default target/editors
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${EDITORS_CACHE:-$here/../target/editors}
name=${1:-}

refuse() {
  echo "fetch.sh $name: $*" >&2
  exit 77
}

need() {
  local program
  for program in "$@"; do command -v "$program" > /dev/null || refuse "$program is not installed"; done
}

# attempt REASON COMMAND...: what it prints is only shown when it fails.
attempt() {
  local reason=$1
  shift
  if ! "$@" > "$home.log" 2>&1; then
    tail -5 "$home.log" >&2
    rm -f "$home.log"
    refuse "$reason"
  fi
  rm -f "$home.log"
}

# command_for NAME [VARIABLE=VALUE]... PROGRAM [ARGUMENT]...: $home/commands/NAME, which starts a program with what it would look for in the system.
command_for() {
  local file=$home/commands/$1
  shift
  mkdir -p "$home/commands"
  {
    echo '#!/bin/sh'
    while [[ $1 == *=* ]]; do
      printf "export %s='%s'\n" "${1%%=*}" "${1#*=}"
      shift
    done
    printf 'exec'
    printf " '%s'" "$@"
    printf ' "$@"\n'
  } > "$file"
  chmod +x "$file"
}

source "$here/fetch/debian.sh"
source "$here/fetch/code-server.sh"

get_checker() {
  need python3
  attempt 'no python3 with packages of its own could be made' python3 -m venv "$home"
  attempt 'PyPI could not be reached' "$home/bin/pip" install --quiet --disable-pip-version-check lsprotocol pexpect pyte
  command_for python3 "$home/bin/python3"
}

case $name in
  nvim) get=(get_neovim sid) start=nvim ;;
  nvim-oldest) get=(get_neovim trixie) start=nvim ;;
  emacs) get=(get_emacs) start=emacs ;;
  helix) get=(get_helix sid) start=hx ;;
  helix-oldest) get=(get_helix trixie) start=hx ;;
  kakoune) get=(get_kakoune) start=kak ;;
  bat) get=(get_bat) start=bat ;;
  kate) get=(get_kate) start=kate ;;
  vim) get=(get_vim) start=vim ;;
  code-server) get=(get_code_server) start=code-server ;;
  checker) get=(get_checker) start=python3 ;;
  *)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
    ;;
esac

mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
home=$cache/$name
# Two at the same time: the second waits, and finds it there.
exec 9> "$home.lock"
if command -v flock > /dev/null; then flock 9; fi
# What was cut off half-way is begun again.
if ! [ -e "$home/complete" ]; then
  rm -rf "$home"
  mkdir "$home"
  "${get[@]}" >&2
  : > "$home/complete"
fi
echo "$home/commands/$start"
