/**
 * The window that shows a local page: a browser without its frame and with nothing of the person's in it, else the
 * browser the person uses.
 *
 * A Chromium gets a fresh profile, so that no extension reads the page and nothing of it stays. On the command line
 * stands the bootstrap file, which only the person can read; never the key.
 */

import { openBrowser } from '../client/browser.ts';
import type { Registry } from '../system/registry.ts';
import { findValue, textOf } from '../system/registry-words.ts';
import type { System } from '../system/system.ts';

export interface PageWindow {
  /** When the window is closed; never, when that cannot be known. */
  readonly closed: Promise<void>;
  close(): Promise<void>;
}

/** Best first. The words are names of programs in PATH. */
const CHROMIUMS = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/**
 * Opens `file` in a window; undefined when nothing here can show one. `profile` is an empty folder for the browser.
 */
export async function openWindow(system: System, file: string, profile: string): Promise<PageWindow | undefined> {
  const address = fileAddress(file);
  const chromium = await chromiumOf(system);
  if (chromium !== undefined) {
    const program = await system.start(chromium, [`--app=${address}`, `--user-data-dir=${profile}`, ...PLAIN_WINDOW]);
    return { closed: program.ended, close: () => program.stop() };
  }
  if (!(await openBrowser(system, new URL(address)))) return undefined;
  return { closed: new Promise(() => undefined), close: async () => undefined };
}

/** Nothing to greet with, nothing to sync, nothing asked of anyone but this PC and the organization's sign-in. */
const PLAIN_WINDOW = [
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-extensions',
  '--disable-sync',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--password-store=basic',
  '--class=carryover',
  '--window-size=1240,860',
];

/** "/home/ada/a b" and "C:/Users/ada/a b". */
function fileAddress(file: string): string {
  const path = file.split('/').map((part) => (DRIVE.test(part) ? part : encodeURIComponent(part)));
  return `file://${file.startsWith('/') ? '' : '/'}${path.join('/')}`;
}

const DRIVE = /^[A-Za-z]:$/;

/**
 * The Chromium that the person named in $BROWSER, else one that is installed; none without a desktop to show it on.
 * On Windows the one that registered itself, Microsoft's own first.
 */
async function chromiumOf(system: System): Promise<string | undefined> {
  if (system.registry !== undefined) return registeredChromium(system.registry);
  const { env } = system;
  const named = (env['BROWSER'] ?? '').split(':').filter((program) => isChromium(program));
  const desktop = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  for (const program of desktop ? [...named, ...CHROMIUMS] : named) {
    const found = await system.run('sh', ['-c', 'command -v "$1" >/dev/null', 'sh', program], { readOnly: true });
    if (found.exit === 0) return program;
  }
  return undefined;
}

const APP_PATHS = 'Software\\Microsoft\\Windows\\CurrentVersion\\App Paths';

/** A program's registration is the default value of its key: its whole path. */
async function registeredChromium(registry: Registry): Promise<string | undefined> {
  for (const program of ['msedge.exe', 'chrome.exe'])
    for (const hive of ['HKCU', 'HKLM'] as const) {
      const path = textOf(await findValue(registry, hive, `${APP_PATHS}\\${program}`, ''));
      if (path !== undefined) return path.replaceAll('"', '');
    }
  return undefined;
}

function isChromium(program: string): boolean {
  return CHROMIUMS.includes(program.slice(program.lastIndexOf('/') + 1));
}
