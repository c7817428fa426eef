/**
 * Lives in a device for a while: gives it the settings, files and apps that a person would have after some months.
 *
 * Everything is written by the desktop's own programs or where they would write it. Among it are things that must never
 * travel (a proxy password, a position, window sizes), so that a test can look for them.
 */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Device } from './device.ts';
import { type FlatpakApp, type FlatpakRepository, flatpakRepository } from './flatpak-repository.ts';
import { aPng } from './png.ts';

/** dconf folder -> key -> value in GVariant text. `HOME` in a value stands for the person's home folder. */
const SETTINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'org/gnome/desktop/background': {
    'picture-uri': "'file://HOME/.local/share/backgrounds/lake.png'",
    'picture-uri-dark': "'file://HOME/.local/share/backgrounds/lake-at-night.png'",
    'picture-options': "'spanned'",
    'primary-color': "'#26a269'",
  },
  'org/gnome/desktop/screensaver': {
    'picture-uri': "'file://HOME/.local/share/backgrounds/lake-at-night.png'",
    'lock-enabled': 'true',
    'lock-delay': 'uint32 30',
  },
  'org/gnome/desktop/interface': {
    'color-scheme': "'prefer-dark'",
    'gtk-theme': "'Adwaita-dark'",
    'cursor-size': '32',
    'enable-animations': 'false',
    'clock-format': "'12h'",
    'clock-show-seconds': 'true',
    'clock-show-weekday': 'true',
    'font-name': "'Cantarell 12'",
    'document-font-name': "'Sans 12'",
    'monospace-font-name': "'Source Code Pro 11'",
    'font-antialiasing': "'rgba'",
    'font-hinting': "'full'",
    'text-scaling-factor': '1.25',
    'enable-hot-corners': 'false',
    'toolkit-accessibility': 'true',
    'show-battery-percentage': 'true',
  },
  'org/gnome/desktop/sound': { 'event-sounds': 'false', 'allow-volume-above-100-percent': 'true' },
  'org/gnome/settings-daemon/plugins/color': {
    'night-light-enabled': 'true',
    'night-light-schedule-from': '21.5',
    'night-light-temperature': 'uint32 3200',
    'night-light-last-coordinates': '(48.137, 11.575)',
  },
  'org/gnome/desktop/wm/preferences': {
    'button-layout': "'appmenu:minimize,maximize,close'",
    'titlebar-font': "'Cantarell Bold 12'",
    'num-workspaces': '6',
    'focus-mode': "'sloppy'",
    'visual-bell': 'true',
  },
  'org/gnome/desktop/wm/keybindings': {
    'switch-to-workspace-left': "['<Control><Super>Left']",
    close: "['<Super>q', '<Alt>F4']",
  },
  'org/gnome/desktop/a11y/applications': { 'screen-magnifier-enabled': 'true', 'screen-keyboard-enabled': 'true' },
  'org/gnome/desktop/a11y/interface': { 'high-contrast': 'true' },
  'org/gnome/desktop/a11y/keyboard': {
    'stickykeys-enable': 'true',
    'slowkeys-enable': 'true',
    'slowkeys-delay': '250',
    'mousekeys-enable': 'true',
    'mousekeys-max-speed': '20',
  },
  'org/gnome/desktop/a11y/magnifier': { 'mag-factor': '1.5', 'screen-position': "'bottom-half'" },
  'org/gnome/desktop/input-sources': {
    sources: "[('xkb', 'de'), ('xkb', 'us')]",
    'xkb-options': "['caps:escape', 'compose:ralt']",
    'per-window': 'true',
    'mru-sources': "[('xkb', 'de')]",
  },
  'org/gnome/desktop/calendar': { 'show-weekdate': 'true' },
  'org/gnome/desktop/datetime': { 'automatic-timezone': 'true' },
  'org/gnome/desktop/peripherals/mouse': { speed: '0.35', 'left-handed': 'true', 'natural-scroll': 'true' },
  'org/gnome/desktop/peripherals/touchpad': { 'tap-to-click': 'true', speed: '-0.2', 'natural-scroll': 'false' },
  'org/gnome/desktop/peripherals/keyboard': { delay: 'uint32 300', 'repeat-interval': 'uint32 20' },
  'org/gnome/desktop/notifications': {
    'show-in-lock-screen': 'false',
    'application-children': "['org-gnome-nautilus']",
  },
  'org/gnome/desktop/notifications/application/org-gnome-nautilus': { 'enable-sound-alerts': 'false' },
  'org/gnome/settings-daemon/plugins/power': {
    'sleep-inactive-ac-type': "'nothing'",
    'power-button-action': "'interactive'",
    'idle-dim': 'false',
  },
  'org/gnome/settings-daemon/plugins/media-keys': {
    home: "['<Super>e']",
    'custom-keybindings': "['/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0/']",
  },
  'org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0': {
    name: "'Notes'",
    command: "'flatpak run org.example.Notes'",
    binding: "'<Super>n'",
  },
  'org/gnome/desktop/session': { 'idle-delay': 'uint32 600' },
  'org/gnome/shell': {
    'favorite-apps': "['org.gnome.Nautilus.desktop', 'org.example.Notes.desktop', 'org.example.Music.desktop']",
    'command-history': "['secret-looking command']",
  },
  'org/gnome/shell/app-switcher': { 'current-workspace-only': 'true' },
  'org/gnome/desktop/app-folders': { 'folder-children': "['Tools']" },
  'org/gnome/desktop/app-folders/folders/Tools': { name: "'Tools'", apps: "['org.example.Clocks.desktop']" },
  'org/gnome/mutter': { 'edge-tiling': 'true', 'dynamic-workspaces': 'false', 'overlay-key': "'Super_R'" },
  'org/gnome/nautilus/preferences': {
    'default-folder-viewer': "'list-view'",
    'show-hidden-files': 'true',
    'click-policy': "'single'",
    'show-delete-permanently': 'true',
  },
  'org/gnome/nautilus/list-view': { 'default-zoom-level': "'small'", 'use-tree-view': 'true' },
  'org/gnome/nautilus/window-state': { 'initial-size': '(1234, 777)' },
  'org/gtk/settings/file-chooser': { 'sort-directories-first': 'true', 'show-hidden': 'true' },
  'org/gnome/desktop/privacy': { 'remember-recent-files': 'false', 'remove-old-trash-files': 'true' },
  'org/gnome/desktop/search-providers': { 'disable-external': 'true' },
  'org/gnome/desktop/media-handling': { 'automount-open': 'false', 'autorun-never': 'true' },
  'system/locale': { region: "'de_DE.UTF-8'" },
  'system/proxy': { mode: "'manual'", 'ignore-hosts': "['localhost', '*.example.org']" },
  'system/proxy/http': { host: "'proxy.example.org'", port: '3128', 'authentication-password': "'hunter2'" },
};

/** Texts of what must never leave the device; no upload, log or export may hold one of them. */
export const NEVER_TRAVELS = ['hunter2', '48.137', 'secret-looking command', '1234, 777'] as const;

export interface FurnishOptions {
  /** Where the apps come from; the process' own repository by default. */
  readonly repository?: FlatpakRepository;
  /** The remote's address if it is not the repository's, e.g. one served over HTTP. */
  readonly remoteUrl?: string;
  /** 0 leaves Flatpak alone, which saves a second. */
  readonly apps?: number;
}

export interface Furnished {
  readonly settings: number;
  /** Paths relative to HOME. */
  readonly files: readonly string[];
  readonly images: readonly string[];
  readonly apps: readonly FlatpakApp[];
  /** Name of the Flatpak remote the apps came from. */
  readonly remote: string;
}

/** Furnishes `device`. Errors: Error with the words of the program that refused. */
export async function furnish(device: Device, options: FurnishOptions = {}): Promise<Furnished> {
  await device.must('dconf', ['load', '/'], { stdin: keyfileFor(device.home) });
  for (const [path, content] of Object.entries({ ...filesFor(device.home), ...IMAGES })) {
    const file = join(device.home, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  return {
    settings: Object.values(SETTINGS).reduce((sum, keys) => sum + Object.keys(keys).length, 0),
    files: Object.keys(filesFor(device.home)),
    images: Object.keys(IMAGES),
    apps: await installApps(device, options),
    remote: REMOTE,
  };
}

const REMOTE = 'example';

const IMAGES: Readonly<Record<string, Buffer>> = {
  '.local/share/backgrounds/lake.png': aPng({ hue: 180 }),
  '.local/share/backgrounds/lake-at-night.png': aPng({ hue: 60 }),
};

function keyfileFor(home: string): string {
  return Object.entries(SETTINGS)
    .map(([folder, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key}=${value.replaceAll('HOME', home)}`);
      return `[${folder}]\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

function filesFor(home: string): Readonly<Record<string, string>> {
  return {
    '.config/gtk-3.0/bookmarks': `file://${home}/Documents/Taxes\nfile://${home}/Pictures Holidays\n`,
    '.config/mimeapps.list':
      '[Default Applications]\ntext/plain=org.example.Notes.desktop\n\n[Added Associations]\ntext/x-music=org.example.Music.desktop;\n',
    '.config/user-dirs.dirs': 'XDG_DESKTOP_DIR="$HOME/Desktop"\nXDG_DOWNLOAD_DIR="$HOME/Incoming"\n',
    '.config/autostart/org.example.Notes.desktop':
      '[Desktop Entry]\nType=Application\nName=Notes\nExec=flatpak run org.example.Notes\n',
    '.config/fontconfig/fonts.conf':
      '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><!-- my fonts --></fontconfig>\n',
    '.ssh/id_ed25519': 'not a key, and not to be read by anybody\n',
  };
}

async function installApps(device: Device, options: FurnishOptions): Promise<readonly FlatpakApp[]> {
  const wanted = options.apps ?? 3;
  if (wanted === 0) return [];
  const repository = options.repository ?? (await flatpakRepository());
  const apps = repository.apps.slice(0, wanted);
  const address = options.remoteUrl ?? repository.url;
  await device.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', REMOTE, address]);
  await device.must('flatpak', ['install', '--user', '--noninteractive', REMOTE, ...apps.map(({ id }) => id)]);
  return apps;
}
