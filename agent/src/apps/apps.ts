/**
 * The apps of a device: which are installed, and how each comes back on another one.
 *
 * Each source of apps (Flatpak, apt, snap; winget and installed programs on Windows) is an AppSource; this file asks them all and hands every
 * item to its own. Listing writes nothing, and on Linux starts no process. Restoring goes one app at a time, so that one
 * that fails costs no other; an app that is there already is left as it is. Undo leaves apps installed, with their
 * remotes and permissions.
 *
 * Shape: item ids are `apps.flatpak/<app id>`, `apps.flatpakRemote/<name>`, `apps.flatpakOverride/<app id>`,
 * `apps.apt/<package>`, `apps.snap/<name>`, `apps.winget/<package>`, `apps.msstore/<product>` and
 * `apps.uninstall/<key>`; what `raw` holds is said in each source's file.
 */

import type { Finding } from '@carryover/model/restore-plan';
import type { Outcome, ReadFailure } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';
import type { AppItem, AppList, AppSource, AppsContext, AppWords } from './app-source.ts';
import { apt } from './apt.ts';
import { flatpak } from './flatpak.ts';
import { snap } from './snap.ts';
import { uninstall, withoutThoseOfSources } from './uninstall.ts';
import { winget } from './winget.ts';

const LINUX: readonly AppSource[] = [flatpak, apt, snap];
const WINDOWS: readonly AppSource[] = [winget, uninstall];
const SOURCES = [...LINUX, ...WINDOWS];

/** Only a Windows has a registry. */
function sourcesOf({ registry }: System): readonly AppSource[] {
  return registry === undefined ? LINUX : WINDOWS;
}

/** Every app of this device, by item id. A source that cannot be read is a failure under its name, never an error. */
export async function listApps(system: System): Promise<AppList> {
  const items: AppItem[] = [];
  const failures: ReadFailure[] = [];
  for (const source of sourcesOf(system)) {
    const list = await source.list(system);
    items.push(...list.items);
    failures.push(...list.failures);
  }
  return { items: withoutThoseOfSources(items).toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1)), failures };
}

/** Files whose facts change whenever the list may have changed, whether or not they are there now. */
export async function appsWatched(system: System): Promise<string[]> {
  return (await Promise.all(sourcesOf(system).map((source) => source.watched(system)))).flat();
}

export function appWords(item: AppItem): AppWords {
  return sourceOf(item.itemId)?.words(item) ?? { title: nameIn(item.itemId), will: '', flags: [] };
}

/** Before anything changes: what is there, and what stands in the way. Items of no known source are left out. */
export async function inspectApps(
  context: AppsContext,
  items: readonly AppItem[],
): Promise<ReadonlyMap<string, Finding>> {
  const findings = new Map<string, Finding>();
  for (const source of sourcesOf(context.system)) {
    const own = items.filter(({ itemId }) => sourceOf(itemId) === source);
    for (const [itemId, finding] of await source.inspect(context, own)) findings.set(itemId, finding);
  }
  return findings;
}

/** Brings one item over. Errors: none; what goes wrong becomes the outcome. */
export async function applyApp(context: AppsContext, item: AppItem): Promise<Outcome> {
  const { itemId } = item;
  const source = sourceOf(itemId);
  if (source === undefined || !sourcesOf(context.system).includes(source))
    return { itemId, status: 'notOnThisVersion', reason: { code: 'notOnThisVersion', facts: { system: 'Carryover' } } };
  try {
    return await source.apply(context, item);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    return { itemId, status: 'failed', reason: { code: 'appFailed', facts: { app: appWords(item).title, detail } } };
  }
}

function sourceOf(itemId: string): AppSource | undefined {
  return SOURCES.find(({ prefixes }) => prefixes.some((prefix) => itemId.startsWith(prefix)));
}

function nameIn(itemId: string): string {
  return itemId.slice(itemId.indexOf('/') + 1);
}
