/**
 * A GVariant text held against what the schema says of its key.
 *
 * Pure.
 */

import { coerceNumber, type GVariant, GVariantError, isInner, isList, stringsOf } from './gvariant.ts';
import { gvariantFrom } from './gvariant-parse.ts';
import type { KeyRule } from './schema-xml.ts';

/**
 * The value of a text as the key's rule wants it, numbers of another type included.
 * Errors: GVariantError with the reason in words.
 */
export function valueForKey(text: string, rule: KeyRule): GVariant {
  const value = typedFor(text, rule.type);
  const choices = rule.choices;
  const stranger = choices && stringsOf(value).find((choice) => !choices.includes(choice));
  if (stranger !== undefined) throw new GVariantError(`“${stranger}” is none of ${choices?.join(', ')}`);
  const number = numberIn(value);
  if (number !== undefined && (isLess(number, rule.least) || isLess(rule.most, number)))
    throw new GVariantError(`${number} is not between ${rule.least ?? '…'} and ${rule.most ?? '…'}`);
  return value;
}

function typedFor(text: string, type: string): GVariant {
  try {
    return gvariantFrom(text, type);
  } catch (error) {
    if (!(error instanceof GVariantError)) throw error;
    const coerced = coerceNumber(gvariantFrom(text), type);
    if (coerced === undefined) throw error;
    return coerced;
  }
}

function numberIn({ value }: GVariant): number | bigint | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return isInner(value) && !isList(value) ? numberIn(value) : undefined;
}

/** The language compares a number with a bigint by value. */
function isLess(a: number | bigint | string | undefined, b: number | bigint | string | undefined): boolean {
  return a !== undefined && b !== undefined && numeric(a) < numeric(b);
}

function numeric(value: number | bigint | string): number | bigint {
  if (typeof value !== 'string') return value;
  return /^-?\d+$/.test(value) ? BigInt(value) : Number(value);
}
