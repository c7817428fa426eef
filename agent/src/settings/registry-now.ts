/**
 * What the registry holds of the catalog's places at one moment: every key read once, however many settings share it.
 */

import { KnownError } from '@carryover/model/errors';
import type { Reason } from '@carryover/model/reasons';
import {
  foldedName,
  isSameName,
  type Registry,
  type RegistryData,
  type RegistryHive,
  type RegistryNamedValue,
} from '../system/registry.ts';
import { findValue, textOf } from '../system/registry-words.ts';

export interface KeyPlace {
  readonly hive: RegistryHive;
  readonly key: string;
}

export interface ValuePlace extends KeyPlace {
  /** "" is the default value. */
  readonly value: string;
}

export interface RegistryNow {
  /** Undefined when there is no such key, or it cannot be read. */
  values(place: KeyPlace): readonly RegistryNamedValue[] | undefined;
  /** Undefined when there is no such value. */
  value(place: ValuePlace): RegistryData | undefined;
  /** Why a key cannot be read. */
  closed(place: KeyPlace): Reason | undefined;
}

/** Reads every key of `places` once. */
export async function registryNow(registry: Registry, places: readonly KeyPlace[]): Promise<RegistryNow> {
  const keys = new Map<string, readonly RegistryNamedValue[] | Reason | undefined>();
  for (const { hive, key } of places) {
    const name = nameOf({ hive, key });
    if (!keys.has(name))
      keys.set(name, await registry.values(hive, key).catch((error) => whyClosed({ hive, key }, error)));
  }
  const values = (place: KeyPlace) => {
    const found = keys.get(nameOf(place));
    return found === undefined || 'code' in found ? undefined : found;
  };
  return {
    values,
    value: (place) => values(place)?.find(({ name }) => isSameName(name, place.value)),
    closed(place) {
      const found = keys.get(nameOf(place));
      return found !== undefined && 'code' in found ? found : undefined;
    },
  };
}

/** The keys that a key with stars stands for here. Errors: those of the registry. */
export async function keysBehind(registry: Registry, { hive, key }: KeyPlace): Promise<KeyPlace[]> {
  const names = key.split('\\');
  const star = names.indexOf('*');
  if (star < 0) return [{ hive, key }];
  const above = names.slice(0, star).join('\\');
  const below = names.slice(star + 1);
  const found: KeyPlace[] = [];
  for (const name of (await registry.keys(hive, above)) ?? [])
    found.push(...(await keysBehind(registry, { hive, key: [above, name, ...below].join('\\') })));
  return found;
}

const WINDOWS_VERSION = 'Software\\Microsoft\\Windows NT\\CurrentVersion';

/** Of this Windows; 0 when it does not say, which no place with a first build fits. */
export async function buildOf(registry: Registry): Promise<number> {
  const build = textOf(await findValue(registry, 'HKLM', WINDOWS_VERSION, 'CurrentBuildNumber'));
  return Number.parseInt(build ?? '', 10) || 0;
}

/** Equal for what Windows takes for the same value. */
export function identityOf(place: ValuePlace): string {
  return `${nameOf(place)}\\\\${foldedName(place.value)}`;
}

/** The reason of an error of the registry. */
export function whyClosed({ hive, key }: KeyPlace, error: unknown): Reason {
  if (error instanceof KnownError && error.inner === 'accessDenied')
    return { code: 'registryKeyClosed', facts: { key: `${hive}\\${key}` } };
  return { code: 'applyFailed', facts: { detail: error instanceof Error ? error.message : String(error) } };
}

function nameOf({ hive, key }: KeyPlace): string {
  return `${hive}\\${foldedName(key)}`;
}
