/**
 * Which Debian packages the demo, the tests and the benchmarks need, and how they get onto the machine.
 *
 * Root gets what is missing installed, and is told so; anybody else is told what to ask for. Nothing is asked of the
 * network when nothing is missing. No service is started by an installation.
 */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { KnownError } from '../model/src/errors.ts';

/** A GNOME person's settings without a desktop: buses, dconf and the schemas that say which keys there are. */
const SETTINGS = [
  'dbus',
  'dbus-user-session',
  'dconf-cli',
  'dconf-service',
  'dconf-gsettings-backend',
  'libglib2.0-bin',
  'gsettings-desktop-schemas',
  'gnome-settings-daemon-common',
  'mutter-common',
  'gnome-shell-common',
  'nautilus-data',
  'gnome-control-center-data',
];

/** Flatpak apps from a repository made on the spot; busybox is their whole runtime. */
const APPS = ['flatpak', 'ostree', 'bubblewrap', 'busybox-static'];

/** Pages are looked at in a real one. */
const BROWSER = ['chromium'];

/** Test only: a clock that is wrong, and judges of desktop entries and of XML. */
const ODDITIES = ['faketime', 'desktop-file-utils', 'libxml2-utils'];

/** What unpacks a Windows for tests beside the machine's own programs, see scripts/set-up-wine.sh. */
const WINDOWS = ['patchelf', 'binutils'];

/** Peers that benchmarks compare with. */
const PEERS = ['restic', 'nginx', 'libnginx-mod-http-dav-ext'];

const PACKAGES = {
  demo: [...SETTINGS, ...APPS],
  test: [...SETTINGS, ...APPS, ...BROWSER, ...ODDITIES, ...WINDOWS],
  bench: [...SETTINGS, ...APPS, ...BROWSER, ...PEERS],
} as const satisfies Record<string, readonly string[]>;

export type Purpose = keyof typeof PACKAGES;

/**
 * Makes sure that all Debian packages of `purpose` are there.
 *
 * Errors: KnownError missingPart, naming the packages and the command, when they are missing and cannot be installed.
 */
export async function ensurePackages(purpose: Purpose): Promise<void> {
  const missing = missingOf(PACKAGES[purpose]);
  if (missing.length === 0) return;
  const command = `apt-get update && apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new KnownError('missingPart', `Debian packages are missing: ${missing.join(', ')}. As root run: ${command}`);
  }
  process.stderr.write(`carryover: installing Debian packages: ${missing.join(' ')}\n`);
  const install = spawn('flock', [LOCK, 'sh', '-c', INSTALL, 'install', ...missing], {
    stdio: ['ignore', process.stderr, process.stderr],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' },
  });
  const [code] = await once(install, 'exit');
  const still = missingOf(missing);
  if (code !== 0 || still.length > 0) {
    throw new KnownError('missingPart', `Debian packages could not be installed (see above): ${still.join(', ')}.`);
  }
}

/** Those of `packages` that are not installed, in the same order. */
export function missingOf(packages: readonly string[]): string[] {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the placeholders are dpkg-query's
  const query = spawnSync('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...packages], {
    encoding: 'utf8',
  });
  if (query.error !== undefined) {
    const message = `This needs a Debian system: dpkg-query is missing, so are: ${packages.join(', ')}.`;
    throw new KnownError('missingPart', message, { cause: query.error });
  }
  const installed = new Set(query.stdout.split('\n').filter((line) => line.endsWith(' installed')));
  return packages.filter((name) => !installed.has(`${name} installed`));
}

/** Two runs at once install one after the other; the kernel frees the lock of a run that was killed. */
const LOCK = '/run/lock/carryover-packages';

/**
 * A policy-rc.d that answers 101 keeps packages from starting services; what was there before is put back, also after a
 * signal, and by the next run when this one was killed. apt waits for another package manager instead of failing.
 */
const INSTALL = `
set -eu
policy=/usr/sbin/policy-rc.d
kept=$policy.before-carryover
if [ -e "$policy" ] && ! [ -e "$kept" ]; then mv "$policy" "$kept"; fi
put_back() { rm -f "$policy"; if [ -e "$kept" ]; then mv "$kept" "$policy"; fi; }
trap put_back EXIT
trap 'exit 130' INT TERM HUP
printf '#!/bin/sh\\nexit 101\\n' >"$policy"
chmod 755 "$policy"
apt-get -q -o DPkg::Lock::Timeout=600 update
apt-get -q -o DPkg::Lock::Timeout=600 install -y --no-install-recommends "$@"
`;
