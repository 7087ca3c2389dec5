#!/usr/bin/env bash
# fetch.sh NAME: an editor (or what its tests need) for the tests, put below a folder of our own, nothing into the system.
# Prints the path of what starts it. What is there already is taken as it is. Exit status: 0 it is there, 77 it can't be had here
# (the reason is on the standard error), 2 wrong use.
#   nvim          the newest Neovim that Debian has        nvim-oldest   the oldest one that is supported
#   emacs helix kakoune vim                                from Debian
#   code-server   VS Code for a browser, from npm          checker       a python3 with the protocol's types, from PyPI
# Env: EDITORS_CACHE  the folder, by default target/editors
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${EDITORS_CACHE:-$here/../target/editors}

refuse() {
  echo "fetch.sh $name: $*" >&2
  exit 77
}

need() {
  local program
  for program in "$@"; do command -v "$program" > /dev/null || refuse "$program is not installed"; done
}

# --- Debian: a package of another release and all that it depends on, unpacked below $home, with an apt state of its own.

# The archive that this system itself takes its packages from.
archive() {
  apt-get indextargets --format '$(REPO_URI) $(CREATED_BY)' 2> /dev/null | awk '$2 == "Packages" && $1 !~ /security/ { print $1; exit }'
}

unpack() {
  local release=$1
  shift
  need apt-get dpkg-deb flock
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg from
  [ -e "$keys" ] || refuse "this is no Debian ($keys is missing)"
  from=$(archive)
  [ -n "$from" ] || refuse 'apt has no archive that packages come from'
  local state=$home.apt
  rm -rf "$home" "$state"
  mkdir -p "$home"/usr/{bin,sbin,lib,lib64} "$state"/{lists/partial,archives/partial,none}
  : > "$state/status"
  echo "deb [signed-by=$keys] $from $release main" > "$state/sources.list"
  cat > "$state/apt.conf" << CONF
Dir::Etc { sourcelist "$state/sources.list"; sourceparts "$state/none"; preferences "/dev/null"; preferencesparts "$state/none"; };
Dir::State { lists "$state/lists"; status "$state/status"; };
Dir::Cache { archives "$state/archives"; pkgcache ""; srcpkgcache ""; };
APT::Install-Recommends "false"; APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Retries "2"; Acquire::http::Timeout "30";
Debug::NoLocking "true";
CONF
  local log=$state/log
  if ! { apt-get -q -c "$state/apt.conf" update && apt-get -q -y -c "$state/apt.conf" --download-only install patchelf "$@"; } > "$log" 2>&1; then
    tail -3 "$log" >&2
    rm -rf "$home" "$state"
    refuse "Debian's $release could not be reached, or does not have it"
  fi
  local folder package
  for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$home/$folder"; done
  for package in "$state"/archives/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$home" --keep-directory-symlink; done
  rm -rf "$state"
}

# Programs below $home find the libraries that came with them, whatever the system has: they are started like any other then.
settle() {
  local loader libraries program
  loader=$(find "$home/usr/lib64" "$home/usr/lib" -maxdepth 2 -name 'ld-linux*.so.*' | head -1)
  libraries=$(dirname "$(find "$home/usr/lib" -maxdepth 2 -name 'libc.so.*' | head -1)")
  [ -n "$loader" ] || refuse 'the packages brought no loader'
  for program in "$@"; do
    "$loader" --library-path "$libraries" "$home/usr/bin/patchelf" --force-rpath --set-rpath "$libraries" --set-interpreter "$loader" "$program"
  done
}

# A command in $home/start that sets what the program would look for in the system: NAME=VALUE... PROGRAM.
start() {
  local program=${!#}
  { echo '#!/bin/sh'; for one in "${@:1:$#-1}"; do printf "export %s='%s'\n" "${one%%=*}" "${one#*=}"; done; printf "exec '%s' \"\$@\"\n" "$program"; } > "$home/start"
  chmod +x "$home/start"
}

neovim() {
  unpack "$1" neovim
  settle "$home/usr/bin/nvim"
  start "VIM=$home/usr/share/nvim" "VIMRUNTIME=$home/usr/share/nvim/runtime" "$home/usr/bin/nvim"
}

checker() {
  need python3
  rm -rf "$home"
  if ! { python3 -m venv "$home" && "$home/bin/pip" install -q --disable-pip-version-check lsprotocol pexpect pyte; } > "$home.log" 2>&1; then
    tail -3 "$home.log" >&2
    rm -rf "$home" "$home.log"
    refuse 'no python3 with lsprotocol could be made'
  fi
  rm -f "$home.log"
  printf "#!/bin/sh\nexec '%s' \"\$@\"\n" "$home/bin/python" > "$home/start"
  chmod +x "$home/start"
}

name=${1:-}
case $name in
  nvim | nvim-oldest | checker) ;;
  *)
    sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "$0" >&2
    exit 2
    ;;
esac
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)
home=$cache/$name
# Two at the same time: the second waits, and finds it there. What was cut off half-way is begun again.
exec 9> "$home.lock"
if command -v flock > /dev/null; then flock 9; fi
if ! [ -x "$home/start" ]; then
  {
    case $name in
      nvim) neovim sid ;;
      nvim-oldest) neovim trixie ;;
      checker) checker ;;
    esac
  } >&2
fi
echo "$home/start"
