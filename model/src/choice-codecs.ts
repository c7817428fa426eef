/**
 * Codecs of switches and choices among names.
 *
 * Pure: no I/O, no clock. The parameters are those of catalog/*.yaml.
 */

import type { Json } from './canonical.ts';
import { type Codec, entryOf, exactly, isSet, keyText, keyValue, type Parameters, textValue } from './codec.ts';
import { toGvariant } from './gvariant.ts';

/** A switch; `inverted` when the key says the opposite. */
export const boolean: Codec = {
  read: (raw, { inverted = false }) => {
    const value = textValue(raw);
    return typeof value === 'boolean' ? value !== inverted : undefined;
  },
  write: (value, { inverted = false }) =>
    typeof value === 'boolean' ? exactly(toGvariant(value !== inverted, 'b')) : undefined,
};

/**
 * A choice among names. `values` maps each name to its meaning, both ways; `alsoRead` maps further names one way;
 * `otherwise` is what every other name means, or "keep": the name itself.
 */
export const choice: Codec = {
  read: (raw, parameters) => {
    const name = textValue(raw);
    return typeof name === 'string' ? meaningOf(name, parameters) : undefined;
  },
  write: (value, parameters) => {
    const name = nameOf(value, parameters);
    return name === undefined ? undefined : exactly(toGvariant(name, 's'));
  },
};

/** Several switches that mean one thing: read `any` of them or the `first` that is set, write all. */
export const booleans: Codec = {
  read: (raw, { keys = [], read }) => {
    const set = keys.flatMap((key) => {
      const value = keyValue(raw, key);
      return typeof value === 'boolean' ? [value] : [];
    });
    return read === 'any' && set.length > 0 ? set.includes(true) : set[0];
  },
  write: (value, { keys = [] }) =>
    typeof value === 'boolean'
      ? exactly(Object.fromEntries(keys.map((key) => [key, toGvariant(value, 'b')])))
      : undefined,
};

/**
 * A choice behind a switch: while the `gate` key says `off` the meaning is `offValue`, else what `key` names (as in
 * enum; `absent` when it is not set). `offWrites` is the name written beside the gate for offValue, where one is needed.
 */
export const gatedEnum: Codec = {
  read: (raw, parameters) => {
    if (keyText(raw, parameters.gate) === parameters.off) return parameters.offValue;
    const name = keyValue(raw, parameters.key);
    if (name === undefined) return isSet(raw) ? parameters.absent : undefined;
    return typeof name === 'string' ? meaningOf(name, parameters) : undefined;
  },
  write: (value, parameters) => {
    const { gate = '', key = '', off = '', on = '', offValue, offWrites } = parameters;
    if (value === offValue)
      return exactly({ [gate]: off, ...(offWrites === undefined ? {} : { [key]: toGvariant(offWrites, 's') }) });
    const name = nameOf(value, parameters);
    return name === undefined ? undefined : exactly({ [gate]: on, [key]: toGvariant(name, 's') });
  },
};

function meaningOf(name: string, { values = {}, alsoRead = {}, otherwise }: Parameters): Json | undefined {
  return entryOf(values, name) ?? entryOf(alsoRead, name) ?? (otherwise === 'keep' ? name : otherwise);
}

function nameOf(value: Json, { values = {}, otherwise }: Parameters): string | undefined {
  const name = Object.keys(values).find((candidate) => values[candidate] === value);
  return name ?? (otherwise === 'keep' && typeof value === 'string' ? value : undefined);
}
