/**
 * Windows codecs of colours, pictures, the clock and the regional format.
 *
 * Pure: no I/O, no clock. Source: windows-devices.md; learn.microsoft.com, "Day, month, year and era format pictures",
 * "Naming files, paths and namespaces".
 */

import type { Json } from './canonical.ts';
import { numberIn, type Said, type WindowsCodec } from './windows-codec.ts';
import { LOCALE_IDS } from './windows-locales.ts';

const COLOUR = /^#[\da-f]{6}$/;

/** A number 0xAABBGGRR: red is the lowest byte. How opaque it is has no meaning; written is opaque. */
export const abgrColour: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    const number = numberIn(said);
    if (number === undefined || number < 0) return undefined;
    const [, blue, green, red] = number.toString(16).padStart(8, '0').match(/../g) ?? [];
    return `#${red}${green}${blue}`;
  },
  write: (value) => {
    const [red, green, blue] = bytesOf(value) ?? [];
    return red === undefined ? undefined : [String(Number.parseInt(`ff${blue}${green}${red}`, 16))];
  },
};

/** "R G B" in decimal. */
export const decimalColour: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    const parts = typeof said === 'string' && /^\d{1,3}( \d{1,3}){2}$/.test(said) ? said.split(' ').map(Number) : [];
    if (parts.length === 0 || parts.some((part) => part > 255)) return undefined;
    return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  },
  write: (value) => {
    const bytes = bytesOf(value);
    return bytes && [bytes.map((byte) => Number.parseInt(byte, 16)).join(' ')];
  },
};

/** Red, green and blue as two hex digits each. */
function bytesOf(value: Json): readonly string[] | undefined {
  return typeof value === 'string' && COLOUR.test(value) ? (value.slice(1).match(/../g) ?? undefined) : undefined;
}

/** A picture by its content; null for none. Raw: `{path, blob?, mediaType?, bytes?}`. */
export const picture: WindowsCodec = {
  knows: [],
  read: ([said]) => {
    const { path, blob, ...rest } = (typeof said === 'object' ? (said ?? {}) : {}) as Readonly<Record<string, Json>>;
    if (path === '') return null;
    if (typeof path !== 'string' || typeof blob !== 'string') return undefined;
    return { ...rest, blob, name: path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1) };
  },
  write: (value) => {
    if (value === null) return [{ path: '' }];
    const { blob, name, ...rest } = (typeof value === 'object' ? value : {}) as Readonly<Record<string, Json>>;
    if (typeof blob !== 'string' || typeof name !== 'string' || name === '') return undefined;
    return [{ ...rest, blob, path: `${PICTURES}\\${fileName(name)}` }];
  },
};

/** The person's folder is a placeholder in payloads, expanded at restore. */
const PICTURES = `\${HOME}\\Pictures`;

/** A name that Windows takes: other signs become "_", and what names a device or ends in a dot does not. */
function fileName(name: string): string {
  const signs = name.replace(/[<>:"/\\|?*\p{Cc}]/gu, '_').replace(/[. ]+$/, '_');
  return /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i.test(signs) ? `_${signs}` : signs;
}

/** Places: the short and the long picture of a time, and a switch that says the same. */
export const clockFormat: WindowsCodec = {
  knows: [],
  read: ([short, long, hours24]) => {
    const letters = [short, long].map(hourLetterOf).find((letter) => letter !== undefined);
    if (letters !== undefined) return letters === 'H' ? '24h' : '12h';
    return hours24 === '1' ? '24h' : hours24 === '0' ? '12h' : undefined;
  },
  write: (value, _, { had: [short, long] }) => {
    if (value === '24h') return [to24(short ?? 'HH:mm'), to24(long ?? 'HH:mm:ss'), '1'];
    return value === '12h' ? [to12(short ?? 'h:mm tt'), to12(long ?? 'h:mm:ss tt'), '0'] : undefined;
  },
};

/** "H" counts to 24, "h" to 12; what stands between quotes is shown as it is. */
function hourLetterOf(said: Said): string | undefined {
  return typeof said === 'string' ? /[Hh]/.exec(unquoted(said))?.[0] : undefined;
}

function unquoted(time: string): string {
  return time.replace(QUOTED, '');
}

const QUOTED = /'[^']*'/g;

/** Only the letters of the hour and of morning and afternoon change; the rest is as it was. */
function to24(said: Said): string {
  return outsideQuotes(String(said), (part) => part.replaceAll('h', 'H').replace(/\s*t+\s*$|^\s*t+\s*|t+\s*/g, ''));
}

function to12(said: Said): string {
  const time = outsideQuotes(String(said), (part) => part.replaceAll('H', 'h'));
  return /t/.test(unquoted(time)) ? time : `${time} tt`;
}

function outsideQuotes(time: string, change: (part: string) => string): string {
  return time
    .split(/('[^']*')/)
    .map((part, index) => (index % 2 === 1 ? part : change(part)))
    .join('');
}

const TAG = /^[a-z]{2,3}(-[A-Z][a-z]{3})?-([A-Z]{2}|\d{3})$/;

/** Places: the tag ("de-DE"), and the old number of the same locale, which is left alone where it has none. */
export const regionalFormat: WindowsCodec = {
  knows: [],
  read: ([tag, id]) => {
    // What stands behind "_" is the order of sorting.
    if (typeof tag === 'string' && tag !== '') return tag.replace(/_.*$/, '');
    return typeof id === 'string' ? tagOf(id) : undefined;
  },
  write: (value) =>
    typeof value === 'string' && TAG.test(value) ? [value, LOCALE_IDS[value]?.padStart(8, '0')] : undefined,
};

function tagOf(id: string): string | undefined {
  const digits = id.toLowerCase().replace(/^0+/, '');
  return Object.keys(LOCALE_IDS).find((tag) => LOCALE_IDS[tag] === digits);
}
