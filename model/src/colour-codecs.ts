/**
 * Codecs of colours: the neutral form is "#rrggbb" in small letters.
 *
 * Pure: no I/O, no clock. The parameters are those of catalog/*.yaml.
 */

import { type Codec, entryOf, exactly, textValue } from './codec.ts';
import { toGvariant } from './gvariant.ts';

/** "#rrggbb"; the other forms GNOME takes are read: #rgb, #rrrrggggbbbb, rgb(r,g,b), rgba(r,g,b,a). */
export const colour: Codec = {
  read: (raw) => {
    const text = textValue(raw);
    return typeof text === 'string' ? colourFrom(text) : undefined;
  },
  write: (value) =>
    typeof value === 'string' && /^#[\da-f]{6}$/.test(value) ? exactly(toGvariant(value, 's')) : undefined,
};

/** One of a few named colours (`names`); any colour becomes the one nearest by hue, a pale one becomes `grey`. */
export const colourName: Codec = {
  read: (raw, { names = {} }) => entryOf(names, String(textValue(raw))),
  write: (value, { names = {}, grey }) => {
    if (typeof value !== 'string' || !/^#[\da-f]{6}$/.test(value)) return undefined;
    const exact = Object.keys(names).find((name) => names[name] === value);
    const name = exact ?? nearestName(value, names, grey);
    return name === undefined ? undefined : { raw: toGvariant(name, 's'), clamped: exact === undefined };
  },
};

/** Under this saturation a colour has no hue to speak of. */
const PALE = 0.15;

function colourFrom(text: string): string | undefined {
  const hex = /^#((?:[\da-f]{3}){1,4})$/i.exec(text.trim())?.[1];
  if (hex !== undefined) {
    const width = hex.length / 3;
    // One digit stands for itself twice; of more than two the first two carry the colour.
    const parts = [0, 1, 2].map((part) => hex.slice(part * width, (part + 1) * width));
    return `#${parts.map((part) => (width === 1 ? part + part : part.slice(0, 2))).join('')}`.toLowerCase();
  }
  const parts = /^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,[^)]*)?\)$/.exec(text.trim())?.slice(1, 4).map(Number);
  if (parts === undefined || parts.some((part) => part > 255)) return undefined;
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
}

function nearestName(
  colour: string,
  names: Readonly<Record<string, string>>,
  grey: string | undefined,
): string | undefined {
  const { hue, saturation } = hueOf(colour);
  if (saturation < PALE && grey !== undefined) return grey;
  const turned = (other: string) => {
    const difference = Math.abs(hueOf(other).hue - hue);
    return Math.min(difference, 360 - difference);
  };
  return Object.keys(names)
    .filter((name) => name !== grey)
    .toSorted((a, b) => turned(names[a] ?? '') - turned(names[b] ?? ''))[0];
}

/** Hue in degrees and saturation from 0 to 1, as in HSV. */
function hueOf(colour: string): { hue: number; saturation: number } {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255);
  const most = Math.max(red, green, blue);
  const spread = most - Math.min(red, green, blue);
  if (spread === 0) return { hue: 0, saturation: 0 };
  const sector =
    most === red ? (green - blue) / spread : most === green ? (blue - red) / spread + 2 : (red - green) / spread + 4;
  return { hue: (sector * 60 + 360) % 360, saturation: spread / most };
}
