/**
 * What a value will be called in a plan: short, for people, in the words mechanisms use for what is there now.
 *
 * Pure. Values are shown, never interpreted.
 */

import type { Json } from '@carryover/model/canonical';
import type { PartKind } from '@carryover/model/report';
import { wordsOfText } from '../settings/settings.ts';

/** Longer values are cut in the middle, in characters. */
const MAX_CHARACTERS = 40;

/** Empty when there is none: a plan shows that in the person's language. */
export function wordsOfValue(kind: PartKind, path: string, raw: Json | undefined): string {
  if (raw === undefined) return '';
  return kind === 'setting' ? shortened(wordsOfSetting(raw)) : wordsOfContent(path, raw);
}

/** "2.1 MB"; decimal units, as file managers show them. */
function wordsOfBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const amount = bytes / 1000 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

function shortened(text: string, most = MAX_CHARACTERS): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}

function wordsOfContent(path: string, raw: Json): string {
  const content = raw as { readonly uri?: unknown; readonly path?: unknown; readonly bytes?: unknown };
  const { uri = content.path, bytes } = content;
  const name = (typeof uri === 'string' ? uri : path).split(/[/\\]/).at(-1) ?? path;
  const size = typeof bytes === 'number' ? `, ${wordsOfBytes(bytes)}` : '';
  return `${shortened(decoded(name), 28)}${size}`;
}

function wordsOfSetting(raw: Json): string {
  const registry = wordsOfRegistry(raw);
  if (registry !== undefined) return registry;
  if (typeof raw === 'object' && raw !== null && !Array.isArray(raw))
    return [...new Set(Object.values(raw).map(wordsOfSetting))].join(', ');
  return typeof raw === 'string' ? wordsOfText(raw) : JSON.stringify(raw);
}

/** A value of the registry by what it holds, not by its type; undefined for anything else. */
function wordsOfRegistry(raw: Json): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const { type, data, hex } = raw as Readonly<Record<string, Json>>;
  const value = data ?? hex;
  if (type === undefined || value === undefined) return undefined;
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
