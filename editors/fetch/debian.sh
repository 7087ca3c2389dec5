# Sourced by ../fetch.sh: programs of another release of Debian, with all that they depend on, unpacked below $home.

# The archive that this system itself takes its packages from.
archive() {
  apt-get indextargets --format '$(REPO_URI) $(CREATED_BY)' 2> /dev/null | awk '$2 == "Packages" && $1 !~ /security/ { print $1; exit }'
}

# unpack RELEASE PACKAGE...: apt works on a state of its own, as if nothing were installed; no package's scripts are run.
unpack() {
  local release=$1
  shift
  need apt-get dpkg-deb flock
  local keys=/usr/share/keyrings/debian-archive-keyring.gpg from
  [ -e "$keys" ] || refuse "this is no Debian ($keys is missing)"
  from=$(archive)
  [ -n "$from" ] || refuse 'apt has no archive that packages come from'
  local state=$home/apt
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
  attempt "Debian's archive could not be reached" apt-get -q -c "$state/apt.conf" update
  attempt "Debian's $release does not have it" apt-get -q -y -c "$state/apt.conf" --download-only install patchelf "$@"
  local folder package
  for folder in bin sbin lib lib64; do ln -s "usr/$folder" "$home/$folder"; done
  for package in "$state"/archives/*.deb; do dpkg-deb --fsys-tarfile "$package" | tar -x -C "$home" --keep-directory-symlink; done
  rm -rf "$state"
}

# settle PROGRAM...: they find the libraries that came with them, whatever the system has, and are started like any other then.
settle() {
  local loader libraries program
  loader=$(find "$home/usr/lib64" "$home/usr/lib" -maxdepth 2 -name 'ld-linux*.so.*' | head -1)
  libraries=$(find "$home/usr/lib" -maxdepth 2 -name 'libc.so.*' -printf '%h\n' | head -1)
  [ -n "$loader" ] && [ -n "$libraries" ] || refuse 'the packages brought no C library'
  for program in "$@"; do
    "$loader" --library-path "$libraries" "$home/usr/bin/patchelf" --force-rpath --set-rpath "$libraries" --set-interpreter "$loader" "$program"
  done
}

# first TEST...: the first path below $home/usr that find's tests hold for.
first() {
  local found
  found=$(find "$home/usr" "$@" | sort | head -1)
  [ -n "$found" ] || refuse "the packages have no $*"
  echo "$found"
}

get_neovim() {
  unpack "$1" neovim
  settle "$home/usr/bin/nvim"
  command_for nvim VIM="$home/usr/share/nvim" VIMRUNTIME="$home/usr/share/nvim/runtime" "$home/usr/bin/nvim"
}

get_helix() {
  unpack "$1" hx
  settle "$home/usr/bin/hx"
  command_for hx HELIX_RUNTIME="$(dirname "$(first -type d -path '*/runtime/queries')")" "$home/usr/bin/hx"
}

# Its client for language servers is no package of Debian's.
get_kakoune() {
  need cargo
  unpack sid kakoune
  settle "$home/usr/bin/kak"
  CARGO_TARGET_DIR=$home/build attempt 'kak-lsp could not be built' cargo install --quiet --locked --debug --root "$home" --version 22.0.0 kak-lsp
  rm -rf "$home/build"
  command_for kak KAKOUNE_RUNTIME="$home/usr/share/kak" "$home/usr/bin/kak"
  command_for kak-lsp "$home/usr/bin/kak-lsp"
}

get_vim() {
  unpack trixie vim vim-ale
  settle "$home/usr/bin/vim.basic"
  command_for vim VIM="$home/usr/share/vim" VIMRUNTIME="$(first -maxdepth 3 -type d -path '*/share/vim/vim[0-9]*')" "$home/usr/bin/vim.basic"
}

get_emacs() {
  unpack trixie emacs-nox elpa-lsp-mode
  local program lisp
  program=$(first -type f -path '*/bin/emacs*-nox')
  settle "$program"
  lisp=$(first -type d -path '*/share/emacs/[0-9]*/lisp')
  # Emacs looks for its memory as it was saved, its Lisp and its helpers where the package would have put them.
  command_for emacs EMACSLOADPATH="$(find "$lisp" "$(first -type d -name elpa-src)" -type d | paste -sd:)" EMACSDATA="$(dirname "$lisp")/etc" EMACSDOC="$(dirname "$lisp")/etc" \
    EMACSPATH="$(first -type d -path '*/libexec/emacs/*/*')" "$program" --dump-file="$(first -name '*.pdmp')"
}

# It draws into memory (QT_QPA_PLATFORM=offscreen): no screen is needed.
get_kate() {
  unpack trixie kate
  settle "$home/usr/bin/kate"
  # Two of its libraries lie in folders of their own, which the loader would look for in the system.
  local libraries
  libraries=$(dirname "$(first -name 'libpxbackend-*.so')"):$(dirname "$(first -name 'libpulsecommon-*.so')")
  command_for kate LD_LIBRARY_PATH="$libraries" QT_PLUGIN_PATH="$(first -type d -path '*/qt6/plugins')" XDG_DATA_DIRS="$home/usr/share" QT_QPA_PLATFORM=offscreen \
    "$home/usr/bin/kate"
}

# Shows files in the colours of Sublime Text's syntaxes.
get_bat() {
  unpack trixie bat
  settle "$home/usr/bin/batcat"
  command_for bat "$home/usr/bin/batcat"
}
