/**
 * Carryover's look: Fluent's light and dark themes on our teal, and the tokens that Fluent lacks.
 *
 * Every colour of a page is a token from here, so that light, dark and forced colours come from one place. In forced
 * colours Fluent's own tokens follow the system by themselves; ours name the system's colours.
 *
 * Source: screens.md section 2 (Colour), with the measured contrasts.
 */

import {
  type BrandVariants,
  createDarkTheme,
  createLightTheme,
  tokens as fluentTokens,
  type Theme,
} from '@fluentui/react-components';

const TEAL: BrandVariants = {
  10: '#00171f',
  20: '#00222d',
  30: '#002e3c',
  40: '#003b4b',
  50: '#00485b',
  60: '#00566c',
  70: '#00647c',
  80: '#09718c',
  90: '#1482a0',
  100: '#2994b2',
  110: '#43a4c3',
  120: '#63b6d2',
  130: '#81c6df',
  140: '#a1d6e8',
  150: '#bfe3f1',
  160: '#dbeff7',
};

const FONTS = {
  fontFamilyBase: "'Segoe UI Variable Text', 'Segoe UI', 'Open Sans Variable', 'Noto Sans', sans-serif",
  fontFamilyMonospace: "'Cascadia Code Variable', 'Cascadia Mono', Consolas, monospace",
};

/** What our own tokens mean is said in screens.md: paper is the page behind cards, tint a selection, ink the text on it. */
interface OwnTokens {
  readonly coPaper: string;
  readonly coTint: string;
  readonly coTint2: string;
  /** Around a tint: seen in forced colours only, where a tint has no colour. */
  readonly coTintLine: string;
  readonly coInk: string;
  readonly coNotice: string;
  readonly coProtected: string;
  readonly coStale: string;
  readonly coFailing: string;
  readonly coIneligible: string;
  readonly coOff: string;
  readonly coOffLine: string;
  readonly coStaleText: string;
  readonly coFailingText: string;
}

export type CarryoverTheme = Theme & OwnTokens;

const LIGHT: OwnTokens = {
  coPaper: '#f5f7f8',
  coTint: '#e9f3f6',
  coTint2: '#d5e8ee',
  coTintLine: 'transparent',
  coInk: '#00485b',
  coNotice: '#fdf4e3',
  coProtected: '#09718c',
  coStale: '#c77d00',
  coFailing: '#9b2252',
  coIneligible: '#8a94a3',
  coOff: '#cdd3da',
  coOffLine: '#8a94a3',
  coStaleText: '#8a5600',
  coFailingText: '#9b2252',
};

const DARK: OwnTokens = {
  coPaper: '#1b1d1e',
  coTint: '#12282f',
  coTint2: '#173641',
  coTintLine: 'transparent',
  coInk: '#bfe3f1',
  coNotice: '#33291a',
  coProtected: '#43a4c3',
  coStale: '#f2b84b',
  coFailing: '#d94f86',
  coIneligible: '#b4bcc7',
  coOff: '#4d5663',
  coOffLine: '#8d98a7',
  coStaleText: '#f2b84b',
  coFailingText: '#f08bb2',
};

/** Parts of a chart are told apart by pattern there, see charts. */
const FORCED: OwnTokens = {
  coPaper: 'Canvas',
  coTint: 'Canvas',
  coTint2: 'Canvas',
  coTintLine: 'CanvasText',
  coInk: 'CanvasText',
  coNotice: 'Canvas',
  coProtected: 'CanvasText',
  coStale: 'CanvasText',
  coFailing: 'CanvasText',
  coIneligible: 'CanvasText',
  coOff: 'Canvas',
  coOffLine: 'CanvasText',
  coStaleText: 'CanvasText',
  coFailingText: 'CanvasText',
};

/** A field error and a failed device have one colour. */
const berry = ({ coFailingText }: OwnTokens) => ({
  colorPaletteRedForeground1: coFailingText,
  colorPaletteRedForeground3: coFailingText,
  colorPaletteRedBorder2: coFailingText,
});

const light: Theme = { ...createLightTheme(TEAL), ...FONTS, ...berry(LIGHT) };

const dark: Theme = {
  ...createDarkTheme(TEAL),
  ...FONTS,
  ...berry(DARK),
  // Stop 100, Fluent's choice, has only 4.1:1 on the dark cards.
  colorBrandForeground1: TEAL[120],
  colorBrandForegroundLink: TEAL[120],
  colorBrandForegroundLinkHover: TEAL[130],
};

export interface Wishes {
  readonly dark: boolean;
  readonly forcedColors: boolean;
}

/** The theme for what the person's system wishes. */
export function themeFor(wishes: Wishes): CarryoverTheme {
  const own = wishes.forcedColors ? FORCED : wishes.dark ? DARK : LIGHT;
  return { ...(wishes.dark ? dark : light), ...own };
}

/** Fluent's tokens and ours: the only colours, spaces and fonts that styles name. */
export const tokens: Record<keyof CarryoverTheme, string> = {
  ...fluentTokens,
  ...(Object.fromEntries(Object.keys(LIGHT).map((name) => [name, `var(--${name})`])) as unknown as OwnTokens),
};
