/**
 * Which files a file place opens, and whether the way to them is safe. Nothing is read or written here but folder entries.
 *
 * Only what the catalog names, only below the home folder, no link on the way (not even one that leads back inside),
 * never a place on the deny list. The deny list of the catalog and the short one here win over every place.
 *
 * Source: docs/architecture.md, where a restore could do harm.
 */

import { isDenied as isDeniedBy } from '@carryover/model/catalog';
import { anyOf, hasStar, literalPrefix, patternToRegExp } from '@carryover/model/pattern';
import type { Reason } from '@carryover/model/reasons';
import type { Catalog, FilePlace, LinuxPlace, Setting, WindowsPlace } from '@carryover/model/setting';
import type { FileFacts, System } from '../system/system.ts';
import type { ReadFailure } from './mechanism.ts';

/** Files that one setting may stand for; more are reported, not taken. */
const MAX_FILES_PER_SETTING = 1000;

/** Folders below the place's own that are looked into. */
const MAX_DEPTH = 12;

/** Denied whatever a catalog says, also one that an organization wrote. */
const ALWAYS_DENIED = anyOf(['.ssh/**', '.gnupg/**', '.local/share/keyrings/**', '.config/goa-1.0/**', '.mozilla/**']);

interface FoundFile {
  readonly itemId: string;
  /** Below the home folder. */
  readonly path: string;
  readonly facts: FileFacts;
}

export interface FoundFiles {
  readonly files: readonly FoundFile[];
  readonly failures: readonly ReadFailure[];
}

interface Search {
  readonly system: System;
  readonly catalog: Catalog;
  readonly setting: Setting;
  readonly place: FilePlace;
  /** Paths that the place stands for. */
  readonly holds: RegExp;
  readonly files: FoundFile[];
  readonly failures: ReadFailure[];
}

/** The place of this platform. */
export function filePlaceOf({ registry }: Pick<System, 'registry'>, setting: Setting): FilePlace | undefined {
  const places: readonly (LinuxPlace | WindowsPlace)[] = setting[registry === undefined ? 'linux' : 'windows'] ?? [];
  return places.find((place) => place.mechanism === 'file');
}

/**
 * The path below the home folder that an item stands for; undefined when it is not one the catalog opens.
 * Item ids may come from a snapshot: nothing in them is trusted.
 */
export function pathOfItem(system: System, catalog: Catalog, item: { itemId: string; setting: Setting }) {
  const place = filePlaceOf(system, item.setting);
  if (place === undefined) return undefined;
  const path = hasStar(place.path) ? item.itemId.slice(item.setting.id.length + 1) : place.path;
  if (item.itemId !== itemIdOf(item.setting, place, path)) return undefined;
  if (!isPlainPath(path) || !patternToRegExp(place.path).test(path) || isDenied(system, catalog, path))
    return undefined;
  return { path, place };
}

/** The files of one setting that are there, by path. Links, special files and closed folders are failures with a reason. */
export async function filesOf(system: System, catalog: Catalog, setting: Setting): Promise<FoundFiles> {
  const place = filePlaceOf(system, setting);
  if (place === undefined) return { files: [], failures: [] };
  const search: Search = {
    system,
    catalog,
    setting,
    place,
    holds: patternToRegExp(place.path),
    files: [],
    failures: [],
  };
  const start = startOf(place.path);
  const obstacle = await obstacleAbove(system, hasStar(place.path) && start !== '' ? `${start}/*` : start);
  if (obstacle !== undefined) return { files: [], failures: [{ itemId: setting.id, reason: obstacle }] };
  await look(search, start, 0);
  return search;
}

/** Why a file must not be read or written at `path`: a link or something else than a folder on the way. */
export async function obstacleAbove(system: System, path: string): Promise<Reason | undefined> {
  const segments = path.split('/');
  for (let count = 1; count < segments.length; count += 1) {
    const folder = segments.slice(0, count).join('/');
    const facts = await system.facts(`${system.home}/${folder}`);
    if (facts === undefined) return undefined;
    if (facts.kind !== 'directory') return notAPlainFile(folder);
  }
  return undefined;
}

export function notAPlainFile(path: string): Reason {
  return { code: 'notAPlainFile', facts: { path: `~/${path}` } };
}

export function unreadable(path: string): Reason {
  return { code: 'fileUnreadable', facts: { path: `~/${path}` } };
}

async function look(search: Search, path: string, depth: number): Promise<void> {
  const { system, catalog, setting, place, holds } = search;
  const facts = await system.facts(path === '' ? system.home : `${system.home}/${path}`);
  const itemId = itemIdOf(setting, place, path);
  if (facts === undefined) {
    // A name that is not UTF-8 reads with this sign in it, and cannot be asked for.
    if (path.includes('\ufffd')) search.failures.push({ itemId, reason: unreadable(path) });
    return;
  }
  if (facts.kind === 'directory') return lookInto(search, path, depth);
  if (!holds.test(path)) return;
  const reason = isDenied(system, catalog, path)
    ? ({ code: 'outsideHome', facts: { path: `~/${path}` } } as const)
    : facts.kind !== 'file'
      ? notAPlainFile(path)
      : search.files.length >= MAX_FILES_PER_SETTING
        ? ({ code: 'noRoomLeft', facts: { path: `~/${path}`, limit: `${MAX_FILES_PER_SETTING} files` } } as const)
        : undefined;
  if (reason === undefined) search.files.push({ itemId, path, facts });
  else search.failures.push({ itemId, reason });
}

async function lookInto(search: Search, folder: string, depth: number): Promise<void> {
  const { system, catalog, setting, place } = search;
  const starred = place.path.split('/').filter((segment) => segment.includes('*')).length;
  const deepest = place.path.includes('**') ? MAX_DEPTH : starred;
  if (depth >= deepest || (folder !== '' && isDenied(system, catalog, folder))) return;
  let names: string[];
  try {
    names = await system.list(folder === '' ? system.home : `${system.home}/${folder}`);
  } catch {
    search.failures.push({ itemId: itemIdOf(setting, place, folder), reason: unreadable(folder) });
    return;
  }
  for (const name of names) await look(search, folder === '' ? name : `${folder}/${name}`, depth + 1);
}

function itemIdOf(setting: Setting, place: FilePlace, path: string): string {
  return hasStar(place.path) ? `${setting.id}/${path}` : setting.id;
}

/** The folder or file a search starts from: the segments before the first star. */
function startOf(pattern: string): string {
  return hasStar(pattern) ? literalPrefix(pattern).split('/').slice(0, -1).join('/') : pattern;
}

function isPlainPath(path: string): boolean {
  return (
    !path.includes('\0') && path.split('/').every((segment) => segment !== '' && segment !== '.' && segment !== '..')
  );
}

/** Also true for a folder whose whole content is denied, and for Carryover's own folder. */
function isDenied(system: System, catalog: Catalog, path: string): boolean {
  const own = `${system.home}/${path}/`.startsWith(`${system.stateFolder}/`);
  const denied = (one: string) => ALWAYS_DENIED.test(one) || isDeniedBy(catalog, 'files', one);
  return own || denied(path) || denied(`${path}/x`);
}
