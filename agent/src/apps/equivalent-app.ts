/**
 * An app of one platform on the other, where the catalog's table knows it on both: by its winget id and its Flatpak id.
 *
 * It comes from Flathub or from winget's own source, and only as those are open to it: a remote that is neither on the
 * device nor on the organization's list is not added, and winget asks the device's policies.
 *
 * Pure. Shape: items as each source stores them (flatpak.ts, winget.ts). Apps of other sources have no row in the table.
 */

import type { Application, Platform } from '@carryover/model/setting';
import type { AppItem } from './app-source.ts';

const FLATPAK = 'apps.flatpak/';
const WINGET = 'apps.winget/';

/** As Flathub's own file for adding it has it. */
const FLATHUB = { remote: 'flathub', remoteUrl: 'https://dl.flathub.org/repo/' };

/** What installs it on `platform`; undefined when the table has nothing for it there. */
export function equivalentApp(
  itemId: string,
  applications: readonly Application[],
  platform: Platform,
): AppItem | undefined {
  return platform === 'linux' ? onLinux(itemId, applications) : onWindows(itemId, applications);
}

function onLinux(itemId: string, applications: readonly Application[]): AppItem | undefined {
  const known = applications.find(({ winget }) => winget !== undefined && itemId === WINGET + winget);
  if (known?.flatpak === undefined) return undefined;
  const { name, flatpak } = known;
  // Which processor it is for is up to the device.
  return { itemId: FLATPAK + flatpak, raw: { name, ref: `${flatpak}//stable`, installation: 'user', ...FLATHUB } };
}

function onWindows(itemId: string, applications: readonly Application[]): AppItem | undefined {
  const known = applications.find(({ flatpak }) => flatpak !== undefined && itemId === FLATPAK + flatpak);
  if (known?.winget === undefined) return undefined;
  const { name, winget: id } = known;
  return { itemId: WINGET + id, raw: { id, source: 'winget', name } };
}
