/**
 * Whether a whole value out of a backup may be put where the catalog says: its type, its content, where its paths lead.
 *
 * Pure.
 */

import type { Json } from '@carryover/model/canonical';
import { REGISTRY_TYPES, type RegistryRaw, type RegistryType } from '@carryover/model/registry-value';
import type { RegistryAllowed } from '@carryover/model/setting';
import type { RegistryData } from '../system/registry.ts';
import { textExpanded } from './home-template.ts';
import { dataFrom, rawFrom } from './registry-raw.ts';

/** The value as it belongs onto this PC, or what is wrong with it. */
export type Checked = { readonly data: RegistryData } | { readonly wrong: string } | { readonly remote: string };

export interface RawRules {
  readonly types: readonly RegistryType[];
  readonly allowed: RegistryAllowed | undefined;
  /** Paths on other computers are fine. */
  readonly mayBeRemote: boolean;
  /** The profile folder with backslashes. */
  readonly profile: string;
}

export function checkedRaw(raw: Json, { types, allowed, mayBeRemote, profile }: RawRules): Checked {
  const stored = dataFrom(raw);
  if (stored === undefined) return { wrong: 'it is no value of the registry' };
  if (!types.some((type) => REGISTRY_TYPES[type] === stored.type)) return { wrong: `it is no ${types.join(' or ')}` };
  const value = mappedTexts(rawFrom(stored), (text) => textExpanded(text, profile));
  const data = dataFrom(jsonOf(value)) ?? stored;
  const texts = textsOf(value);
  const wrong = allowed === undefined ? undefined : texts.find((text) => !isAllowed(text, allowed));
  if (wrong !== undefined) return { wrong: `${shortened(wrong)} is not allowed` };
  const remote = mayBeRemote ? undefined : texts.find((text) => NAMES_ANOTHER_COMPUTER.test(text));
  return remote === undefined ? { data } : { remote: shortened(remote) };
}

/** The value with every text changed; what travels as hex stays. */
export function mappedTexts(raw: RegistryRaw, change: (text: string) => string): RegistryRaw {
  if (!('data' in raw) || (raw.type !== 'REG_SZ' && raw.type !== 'REG_EXPAND_SZ' && raw.type !== 'REG_MULTI_SZ'))
    return raw;
  const { type, data } = raw;
  if (typeof data === 'string') return { type, data: change(data) };
  return typeof data === 'number' ? raw : { type, data: data.map(change) };
}

/** Short, for people: a number, a text, how many bytes. */
export function wordsOfRaw(raw: RegistryRaw): string {
  if ('data' in raw && raw.type !== 'REG_BINARY' && raw.type !== 'REG_NONE') return shortened(textsOf(raw).join(', '));
  return `${textsOf(raw).join('').length / 2} bytes`;
}

export function jsonOf(raw: RegistryRaw): Json {
  return { ...raw } as Json;
}

/** Two backslashes (or slashes) at the beginning of a path: looking there would hand the person's sign-in to whoever answers. */
const NAMES_ANOTHER_COMPUTER = /(?:^|[,;="'\s])(?:\\\\|\/\/)[^\\/]|^[a-z][a-z0-9+.-]+:\/\//i;

function textsOf(raw: RegistryRaw): string[] {
  if ('hex' in raw) return [raw.hex];
  return typeof raw.data === 'object' ? [...raw.data] : [String(raw.data)];
}

function isAllowed(text: string, allowed: RegistryAllowed): boolean {
  if ('pattern' in allowed) return new RegExp(`^(?:${allowed.pattern})$`, 'su').test(text);
  if (!('min' in allowed)) return allowed.includes(text);
  return /^-?\d{1,15}$/.test(text) && Number(text) >= allowed.min && Number(text) <= allowed.max;
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
