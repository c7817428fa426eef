/**
 * Windows codecs of switches and choices among names.
 *
 * Pure: no I/O, no clock. The parameters are those of catalog/*.yaml.
 * Source: the equivalents that docs/reference/settings.md lists; windows-devices.md for what the values mean.
 */

import { entryOf } from './codec.ts';
import type { WindowsCodec } from './windows-codec.ts';

/** One bit of a value; `inverted` when the bit says the opposite. A member of a list is read the same way. */
export const bit: WindowsCodec = {
  knows: ['inverted'],
  read: ([said], { inverted = false }) => (typeof said === 'boolean' ? said !== inverted : undefined),
  write: (value, { inverted = false }) => (typeof value === 'boolean' ? [value !== inverted] : undefined),
};

/** "1" or "0", at one place or at several that say it together: on where all that are there say so. */
export const flag: WindowsCodec = {
  knows: ['inverted'],
  read: (said, { inverted = false }) => {
    const there = said.filter((one) => one !== undefined);
    if (there.length === 0 || there.some((one) => one !== '0' && one !== '1')) return undefined;
    return there.every((one) => one === '1') !== inverted;
  },
  write: (value, { inverted = false }, { places }) =>
    typeof value === 'boolean' ? places.map(() => (value !== inverted ? '1' : '0')) : undefined,
};

/** `values` maps a value to its meaning, both ways; `alsoRead` further values one way, `nearest` further meanings. */
export const oneOf: WindowsCodec = {
  knows: ['values', 'alsoRead', 'nearest'],
  read: ([said], { values = {}, alsoRead = {} }) =>
    typeof said === 'string' ? (entryOf(values, said) ?? entryOf(alsoRead, said)) : undefined,
  write: (value, { values = {}, nearest = {} }) => {
    const text = Object.keys(values).find((one) => values[one] === value);
    if (text !== undefined) return [text];
    const near = typeof value === 'string' ? entryOf(nearest, value) : undefined;
    return near === undefined ? undefined : [near];
  },
};

/** Places: what flashes (title bar, window, screen), and the bit that anything does. */
export const visualBell: WindowsCodec = {
  knows: [],
  read: ([flashes, isOn]) => {
    if (isOn === false || flashes === '0') return 'off';
    if (isOn !== true) return undefined;
    // Without the value Windows flashes the title bar.
    return flashes === '3'
      ? 'screen'
      : flashes === undefined || flashes === '1' || flashes === '2'
        ? 'window'
        : undefined;
  },
  write: (value) => {
    if (value === 'off') return [undefined, false];
    return value === 'window' ? ['2', true] : value === 'screen' ? ['3', true] : undefined;
  },
};

const FITS: Readonly<Record<string, string>> = { '2': 'stretch', '6': 'fit', '10': 'fill', '22': 'span' };

/** Places: the way of fitting, and whether the picture is repeated. No picture at all is said by the picture's place. */
export const wallpaperFit: WindowsCodec = {
  knows: [],
  read: ([fit, tile]) => {
    if (typeof fit !== 'string') return undefined;
    return fit === '0' ? (tile === '1' ? 'tile' : 'center') : entryOf(FITS, fit);
  },
  write: (value) => {
    if (value === 'tile') return ['0', '1'];
    if (value === 'center') return ['0', '0'];
    const fit = Object.keys(FITS).find((one) => FITS[one] === value);
    return fit === undefined ? undefined : [fit, '0'];
  },
};

/** Places: whether fonts are smoothed, and how; without the second Windows takes sub-pixels. */
export const fontSmoothing: WindowsCodec = {
  knows: [],
  read: ([isSmoothed, way]) => {
    if (isSmoothed === '0') return 'none';
    if (isSmoothed !== '2') return undefined;
    return way === '1' ? 'grayscale' : way === '2' || way === undefined ? 'subpixel' : undefined;
  },
  write: (value) => {
    if (value === 'none') return ['0', undefined];
    return value === 'grayscale' ? ['2', '1'] : value === 'subpixel' ? ['2', '2'] : undefined;
  },
};

/** Places: the switch and the two thresholds, which only mean something together. */
export const mouseAcceleration: WindowsCodec = {
  knows: [],
  read: ([speed]) => (speed === '0' ? 'flat' : speed === '1' || speed === '2' ? 'adaptive' : undefined),
  write: (value) => {
    if (value === 'flat') return ['0', '0', '0'];
    return value === 'adaptive' || value === 'default' ? ['1', '6', '10'] : undefined;
  },
};

const SCHEMES: Readonly<Record<string, string>> = { '.Default': 'standard', '.None': 'none' };

/** The name of the scheme; one of the person's own keeps its name, which no other platform's sounds have. */
export const soundScheme: WindowsCodec = {
  knows: [],
  read: ([name]) => (typeof name === 'string' && name !== '' ? (entryOf(SCHEMES, name) ?? name) : undefined),
  write: (value) => {
    const name = Object.keys(SCHEMES).find((one) => SCHEMES[one] === value);
    return name === undefined ? undefined : [name];
  },
};
