/**
 * What a value is called in a plan: short, for people. Values are shown, never interpreted.
 *
 * Pure.
 */

import type { Json } from '@carryover/model/canonical';
import type { Language } from '@carryover/model/reasons';
import type { PartKind } from '@carryover/model/report';

/** Longer values are cut in the middle, in characters. */
const MAX_CHARACTERS = 40;

const WORDS = {
  en: { notSet: 'not set', on: 'On', off: 'Off', empty: 'empty', install: 'install' },
  de: { notSet: 'nicht gesetzt', on: 'Ein', off: 'Aus', empty: 'leer', install: 'installieren' },
} as const satisfies Record<Language, Record<string, string>>;

export function wordsOfValue(kind: PartKind, id: string, raw: Json | undefined, language: Language): string {
  if (raw === undefined) return WORDS[language].notSet;
  if (kind === 'app') return WORDS[language].install;
  if (kind === 'file' || kind === 'image') return wordsOfContent(id, raw, language);
  return shortened(wordsOfSetting(raw, language));
}

/** "2.1 MB"; decimal units, as file managers show them. */
export function wordsOfBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const power = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const amount = bytes / 1000 ** power;
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`;
}

export function shortened(text: string, most = MAX_CHARACTERS): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  return `${characters.slice(0, head).join('')}…${characters.slice(characters.length - (most - 1 - head)).join('')}`;
}

function wordsOfContent(id: string, raw: Json, language: Language): string {
  const { uri, bytes } = raw as { readonly uri?: unknown; readonly bytes?: unknown };
  const name = (typeof uri === 'string' && uri !== '' ? uri : id).split('/').at(-1) ?? id;
  const size = typeof bytes === 'number' ? `, ${wordsOfBytes(bytes)}` : '';
  return uri === '' ? WORDS[language].empty : `${shortened(decoded(name), 28)}${size}`;
}

function wordsOfSetting(raw: Json, language: Language): string {
  if (typeof raw === 'string') return wordsOfGVariant(raw, language);
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return JSON.stringify(raw);
  const parts = Object.values(raw).map((value) => wordsOfSetting(value, language));
  return [...new Set(parts)].join(', ');
}

/** GVariant text of simple values as people say them; lists and records stay as they are written. */
function wordsOfGVariant(text: string, language: Language): string {
  if (text === 'true') return WORDS[language].on;
  if (text === 'false') return WORDS[language].off;
  if (text === "''" || /^@\S+ [[{][\]}]$/.test(text)) return WORDS[language].empty;
  const quoted = /^'((?:[^'\\]|\\.)*)'$/.exec(text) ?? /^"((?:[^"\\]|\\.)*)"$/.exec(text);
  if (quoted?.[1] !== undefined) return quoted[1].replace(/\\(.)/g, '$1');
  const list = /^\[((?:'(?:[^'\\]|\\.)*'(?:, )?)+)\]$/.exec(text);
  if (list?.[1] !== undefined) return list[1].replace(/'((?:[^'\\]|\\.)*)'/g, '$1');
  return text.replace(/^(?:byte|u?int16|u?int32|u?int64|double) /, '');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
