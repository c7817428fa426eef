/**
 * Raw values of dconf settings <-> the texts of their keys.
 *
 * A setting with one key is its GVariant text, one with several an object from key to text; inside strings the home
 * folder is ${HOME}.
 *
 * Pure.
 */

import type { Json } from '@carryover/model/canonical';
import { type GVariant, GVariantError, mapStrings, wordsOfValue } from './gvariant.ts';
import { gvariantFrom } from './gvariant-parse.ts';
import { gvariantText } from './gvariant-print.ts';
import { textExpanded, textTemplated } from './home-template.ts';
import type { DconfValues } from './keyfile.ts';

/** What `keys` hold now, as it would travel; undefined when none of them is set. */
export function rawOfKeys(keys: readonly string[], values: DconfValues, home: string): Json | undefined {
  const set = keys.flatMap((key) => {
    const text = values.get(key);
    return text === undefined ? [] : [[key, templatedText(text, home)] as const];
  });
  if (set.length === 0) return undefined;
  return keys.length === 1 ? (set[0]?.[1] ?? '') : Object.fromEntries(set);
}

/** What a key holds now. Undefined also for a text that dconf printed but would not take back. */
export function valueNow(values: DconfValues, key: string): GVariant | undefined {
  const text = values.get(key);
  if (text === undefined) return undefined;
  try {
    return gvariantFrom(text);
  } catch (error) {
    if (error instanceof GVariantError) return undefined;
    throw error;
  }
}

/** What a key holds now, in words; a dash for nothing. */
export function shownValue(values: DconfValues, key: string): string {
  const value = valueNow(values, key);
  return value === undefined ? '–' : wordsOfValue(value);
}

/** The value of `text` with the home folder of this device in its strings. */
export function expanded(value: GVariant, text: string, home: string): GVariant {
  return text.includes('HOME') ? mapStrings(value, (part) => textExpanded(part, home)) : value;
}

function templatedText(text: string, home: string): string {
  // Most values hold no path, and parsing every one would be most of the time of a capture.
  if (!text.includes('/') && !text.includes('{HOME}')) return text;
  try {
    let changed = false;
    const value = mapStrings(gvariantFrom(text), (part) => {
      const templated = textTemplated(part, home);
      changed ||= templated !== part;
      return templated;
    });
    return changed ? gvariantText(value) : text;
  } catch (error) {
    // What dconf prints but would not take back is kept as it is.
    if (error instanceof GVariantError) return text;
    throw error;
  }
}
