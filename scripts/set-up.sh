# Read by the launcher when this folder is not ready: chooses or brings Node 26, then installs the packages.
#
# Safe to run twice at once: the second waits, finds all done and goes on. The lock is the kernel's (flock), so a set-up
# that was killed leaves none behind. Downloads come from the npm registry the machine is configured for, nothing else.
# Uses from the launcher: $root, fail, is_ready. Gives back: $node.

NODE_MAJOR=26 # the oldest that will do, where one is there
NODE_VERSION=26.10.0 # what is brought where none is: on the registry for every system, Windows too, which the newest may not be yet
NPM_MAJOR=11 # the first whose lock file and install-script rules are the ones package-lock.json was written with

say() { echo "carryover: $1" >&2; }

# Prints the major version of the Node given, nothing when it does not run.
major_of() { "$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || true; }

is_new_enough() {
  major=$(major_of "$1")
  [ -n "$major" ] && [ "$major" -ge "$NODE_MAJOR" ]
}

# The registry's package "node" only fetches the one for the machine's architecture in an install script, which npm may
# refuse to run; so that one is asked for by its own name.
bring_node() {
  case $(uname -m) in
    x86_64) architecture=x64 ;;
    aarch64) architecture=arm64 ;;
    *) fail "no Node $NODE_MAJOR is known for $(uname -m). Install Node $NODE_MAJOR or later yourself and put it first in PATH." ;;
  esac
  command -v npm >/dev/null || fail "npm is missing. Install Node with npm (any version), for example: apt-get install nodejs npm"
  say "bringing Node $NODE_VERSION from the npm registry into .node/ (once, about 60 MB)"
  npm install --prefix "$root/.node" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error \
    "node-linux-$architecture@$NODE_VERSION" >&2 9>&- || fail "Node $NODE_VERSION could not be brought from the npm registry (see above). Check the network, then try again."
  node=$root/.node/node_modules/node-linux-$architecture/bin/node
  is_new_enough "$node" || fail "the Node that was brought does not run on this machine: $node"
}

choose_node() {
  brought=$(echo "$root"/.node/node_modules/node-linux-*/bin/node)
  node=$(command -v node || true)
  if [ -n "$node" ] && is_new_enough "$node"; then return; fi
  node=$brought
  if [ -x "$node" ] && is_new_enough "$node"; then return; fi
  bring_node
}

# npm must run on the chosen Node too: under an older one it silently picks older versions of packages.
install_packages() {
  npm_major=$(npm --version 2>/dev/null | cut -d. -f1)
  if [ -z "$npm_major" ] || [ "$npm_major" -lt "$NPM_MAJOR" ]; then
    say "bringing npm $NPM_MAJOR from the npm registry into .node/ (once)"
    npm install --prefix "$root/.node/npm" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error \
      "npm@$NPM_MAJOR" >&2 9>&- || fail "npm $NPM_MAJOR could not be brought from the npm registry (see above)."
  fi
  say "installing packages (npm ci)"
  npm ci --prefix "$root" --prefer-offline --no-audit --no-fund --loglevel=error >&2 9>&- ||
    fail "the packages could not be installed (see above). Check the network, then try again."
}

set_up() {
  mkdir -p "$root/.node" 2>/dev/null && [ -w "$root/.node" ] || fail "this folder is not set up yet and cannot be written by you: $root"
  command -v flock >/dev/null || fail "flock is missing. Install it: apt-get install util-linux"
  exec 9>"$root/.node/lock"
  if ! flock -n 9; then
    say "another start is setting up this folder; waiting for it"
    flock 9
  fi
  if is_ready; then
    exec 9>&-
    return
  fi

  choose_node
  path_before=$PATH
  PATH=${node%/*}:$root/.node/npm/node_modules/.bin:$PATH
  installed=$root/node_modules/.package-lock.json
  if ! [ -e "$installed" ]; then
    install_packages
  elif [ "$root/package-lock.json" -nt "$installed" ]; then
    # A lock file that only got a newer date (another branch and back) needs no install.
    cmp -s "$root/package-lock.json" "$root/.node/installed-lock.json" || install_packages
    # Also when the lock file's date lies in the future.
    touch -r "$root/package-lock.json" "$installed"
  fi
  PATH=$path_before
  cp "$root/package-lock.json" "$root/.node/installed-lock.json"
  echo "$node" >"$root/.node/chosen.new"
  mv "$root/.node/chosen.new" "$root/.node/chosen"
  exec 9>&-
}

set_up
is_ready || fail "set-up ended but something is still missing in $root. Remove .node and node_modules and try again."
