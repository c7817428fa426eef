/**
 * What every codec is made of: its shape, its parameters, and the reading of raw values.
 *
 * Pure: no I/O, no clock.
 */

import type { Json } from './canonical.ts';
import { gvariantFrom } from './gvariant.ts';
import type { Application } from './setting.ts';

/** What a codec may need beside the value. */
export interface CodecContext {
  /** The catalog's table of applications known on both platforms. */
  readonly applications: readonly Application[];
  /** GVariant texts of keys that belong to other settings, as they are on the device (neighbourKeysOf names them). */
  readonly neighbours?: Readonly<Record<string, string>>;
}

export interface Written {
  readonly raw: Json;
  /** The target cannot hold the value; the nearest it can was taken. The report says so. */
  readonly clamped: boolean;
}

/** The parameters of a codec, as the catalog gives them. Which of them a codec needs stands at the codec. */
export interface Parameters {
  readonly inverted?: boolean;
  readonly values?: Readonly<Record<string, Json>>;
  readonly alsoRead?: Readonly<Record<string, Json>>;
  readonly otherwise?: Json;
  readonly factor?: number;
  readonly min?: number;
  readonly max?: number;
  readonly unsaid?: number;
  readonly names?: Readonly<Record<string, string>>;
  readonly grey?: string;
  readonly keys?: readonly string[];
  readonly read?: 'any' | 'first';
  readonly gate?: string;
  readonly key?: string;
  readonly off?: string;
  readonly on?: string;
  readonly offValue?: Json;
  readonly offWrites?: string;
  readonly absent?: Json;
  readonly engines?: Readonly<Record<string, string>>;
  readonly other?: string;
  readonly otherDefault?: number;
  readonly automatic?: string;
  readonly start?: string;
  readonly end?: string;
}

export interface Target {
  /** GVariant type of each key of the place. */
  readonly types: Readonly<Record<string, string>>;
  readonly remembered: Json | undefined;
  readonly context: CodecContext;
}

export interface Codec {
  readonly read: (raw: Json, parameters: Parameters, context: CodecContext) => Json | undefined;
  readonly write: (value: Json, parameters: Parameters, target: Target) => Written | undefined;
}

/** The codec says exactly what the neutral value says. */
export function exactly(raw: Json): Written {
  return { raw, clamped: false };
}

/** The value of a place with one key; undefined when the raw value is no text. Errors: SyntaxError for no GVariant. */
export function textValue(raw: Json): Json | undefined {
  return typeof raw === 'string' ? gvariantFrom(raw) : undefined;
}

/** The GVariant text of one key of a place with several. */
export function keyText(raw: Json | undefined, key: string | undefined): string | undefined {
  if (typeof raw !== 'object' || raw === null || key === undefined) return undefined;
  const text = (raw as Readonly<Record<string, Json>>)[key];
  return typeof text === 'string' ? text : undefined;
}

/** The value of one key of a place with several. Errors: SyntaxError for no GVariant. */
export function keyValue(raw: Json, key: string | undefined): Json | undefined {
  const text = keyText(raw, key);
  return text === undefined ? undefined : gvariantFrom(text);
}

/** What a table of the catalog says of a name from a device: "constructor" is a name like any other. */
export function entryOf<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Whether a place with several keys has any that is set: an unset value stays unset on the other side. */
export function isSet(raw: Json): boolean {
  return typeof raw === 'object' && raw !== null && Object.keys(raw).length > 0;
}
