/**
 * What every Windows codec is made of: its shape, its parameters, and the step between raw values and what they say.
 *
 * A codec sees what each of its places says, in the order in which the catalog names them: a bit or member as a boolean,
 * a value of the registry as the text it prints (numbers in decimal), a picture as its raw value.
 *
 * Pure: no I/O, no clock.
 */

import { canonicalJson, type Json } from './canonical.ts';
import type { Parameters } from './codec.ts';
import type { RegistryType } from './registry-value.ts';
import type { RegistryPlace, WindowsPlace } from './setting.ts';

export interface WindowsParameters extends Pick<Parameters, 'inverted' | 'values' | 'alsoRead' | 'factor'> {
  readonly min?: number;
  readonly max?: number;
  /** Meanings that have no value of their own, by the value that comes nearest. */
  readonly nearest?: Readonly<Record<string, string>>;
}

/** What a place says; undefined: it holds nothing, or is to be left alone. */
export type Said = Json | undefined;

export interface WindowsTarget {
  /** The places of this build, in the codec's order; undefined where it has none. */
  readonly places: readonly (WindowsPlace | undefined)[];
  /** What the places said last on this platform, as far as that is known. */
  readonly had: readonly Said[];
  /** The value that goes over together with this one, by the codec that says it; for places that several share. */
  readonly together: (codec: string) => Json | undefined;
}

export interface WindowsCodec {
  /** Parameters it knows beside its name and places. */
  readonly knows: readonly (keyof WindowsParameters)[];
  readonly read: (said: readonly Said[], parameters: WindowsParameters) => Json | undefined;
  /** One for each place; undefined as a whole when the places cannot say it. */
  readonly write: (value: Json, parameters: WindowsParameters, target: WindowsTarget) => readonly Said[] | undefined;
}

/** What a raw value says; undefined for bytes that stand for no value of their type. */
export function saidBy(raw: Json | undefined): Said {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return typeof raw === 'boolean' ? raw : undefined;
  const { type, data } = raw as Readonly<Record<string, Json>>;
  if (type === undefined) return raw;
  if (typeof data === 'string' && TEXT_TYPES.includes(type)) return data;
  return typeof data === 'number' && type === 'REG_DWORD' ? String(data) : undefined;
}

/**
 * The raw value that says it at a place; a number outside of what the place takes becomes the nearest it takes.
 * Undefined when nothing the place takes says it.
 */
export function rawSaying(said: Json, place: WindowsPlace): Json | undefined {
  if (place.mechanism === 'registryImage' || place.mechanism === 'lockScreen')
    return typeof said === 'object' ? said : undefined;
  if (place.mechanism !== 'registry') return undefined;
  if (typeof said === 'boolean') return isBit(place) ? said : undefined;
  if (typeof said !== 'string' || isBit(place)) return undefined;
  const text = allowedText(said, place.allowed);
  return text === undefined ? undefined : rawOf(place.type, text);
}

/** Whether a place takes a raw value: what was there before may not be what a restore accepts. */
export function takes(place: WindowsPlace, raw: Json): boolean {
  const said = saidBy(raw);
  if (said === undefined) return false;
  const again = rawSaying(said, place);
  return again !== undefined && canonicalJson(again) === canonicalJson(raw);
}

/** A text that is a whole number in decimal. */
export function numberIn(said: Said): number | undefined {
  return typeof said === 'string' && /^-?\d{1,15}$/.test(said) ? Number(said) : undefined;
}

export function clampTo(value: number, min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY): number {
  return Math.min(Math.max(value, min), max);
}

/** The place is one bit or one member of a value. */
function isBit({ mask, listMember }: RegistryPlace): boolean {
  return mask !== undefined || listMember !== undefined;
}

const TEXT_TYPES: readonly Json[] = ['REG_SZ', 'REG_EXPAND_SZ', 'REG_QWORD'] satisfies RegistryType[];
const MAX_DWORD = 0xffff_ffff;

function allowedText(text: string, allowed: RegistryPlace['allowed']): string | undefined {
  if (allowed === undefined) return text;
  if ('pattern' in allowed) return new RegExp(`^(?:${allowed.pattern})$`, 'u').test(text) ? text : undefined;
  if ('min' in allowed) {
    const number = numberIn(text);
    return number === undefined ? undefined : String(clampTo(number, allowed.min, allowed.max));
  }
  return allowed.includes(text) ? text : undefined;
}

function rawOf(type: RegistryType, text: string): Json | undefined {
  if (type === 'REG_SZ' || type === 'REG_EXPAND_SZ') return { type, data: text };
  const number = numberIn(text);
  if (number === undefined || number < 0) return undefined;
  if (type === 'REG_QWORD') return { type, data: text };
  return type === 'REG_DWORD' && number <= MAX_DWORD ? { type, data: number } : undefined;
}
