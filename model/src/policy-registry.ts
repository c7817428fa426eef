/**
 * Policies as Windows keeps them: values of the registry below HKLM, as Group Policy and administrators' scripts write them.
 *
 * Microsoft's keys hold Microsoft's policies. Carryover's own key holds Carryover's and may hold Microsoft's by the same
 * names. On a PC that Microsoft's own client serves (joined to Entra ID), what lies in Microsoft's key of this feature is
 * that client's: there only Carryover's own key decides, and the overlap is told.
 *
 * Names of keys and values are the same in capitals and small letters. A value that a policy cannot have counts as not
 * configured and is told.
 *
 * Pure. Source: microsoft-facts.md 2.1 to 2.4; product.md R5, R6.
 */

import {
  overrideValueOf,
  POLICIES,
  type PolicyDefinition,
  type PolicyValue,
  policyByName,
  wrongValue,
} from './policy-definitions.ts';
import { documentOf, type LocalFindings, settingsFrom, wrong } from './policy-file.ts';
import type { PolicySetting } from './policy-merge.ts';
import type { Reason } from './reasons.ts';
import type { RegistryType } from './registry-value.ts';

export interface RegistryValue {
  /** Below HKLM, e.g. "Software\\Policies\\Carryover". */
  readonly key: string;
  readonly name: string;
  readonly type: RegistryType;
  /** A number for REG_DWORD, a list for REG_MULTI_SZ, else text. */
  readonly data: number | string | readonly string[];
}

/** Carryover's own key. */
export const OWN_KEY = keyOf('EnableRoaming');
/** Microsoft's key of this feature; its other keys hold much that is no business of ours. */
const SETTING_SYNC = keyOf('EnableWindowsBackup');

/** Every key that holds a policy, each once, in the order they are read. */
export const REGISTRY_KEYS: readonly string[] = [
  ...new Set([...POLICIES.map(({ registry }) => registry.key), OWN_KEY]),
];

/** What the values of REGISTRY_KEYS say: a document for each key. Values of other keys are passed over. */
export function policiesFromRegistry(
  values: readonly RegistryValue[],
  { microsoftServes }: { readonly microsoftServes: boolean },
): LocalFindings {
  const found = REGISTRY_KEYS.map((key) => {
    const inKey = values.filter((value) => same(value.key, key));
    return microsoftServes && key === SETTING_SYNC ? overlapIn(key, inKey) : policiesIn(key, inKey);
  });
  return {
    documents: found.flatMap(({ documents }) => documents),
    problems: found.flatMap(({ problems }) => problems),
  };
}

/** Microsoft's client follows it; whoever wrote it may have meant both. */
function overlapIn(key: string, values: readonly RegistryValue[]): LocalFindings {
  const problems = definitionsOf(key)
    .filter((definition) => valueNamed(values, nameIn(definition, key)) !== undefined)
    .map(({ name }): Reason => {
      const facts = { place: placeOf(key), policy: name, own: placeOf(OWN_KEY) };
      return { code: 'policyOfOtherClient', facts };
    });
  return { documents: [], problems };
}

function policiesIn(key: string, values: readonly RegistryValue[]): LocalFindings {
  const settings: PolicySetting[] = [];
  const problems: Reason[] = [];
  for (const definition of definitionsOf(key)) {
    const value = valueNamed(values, nameIn(definition, key));
    if (value === undefined) continue;
    const read = READ[definition.kind](value, definition, values);
    if (read.value !== undefined) settings.push({ policy: definition.name, value: read.value });
    if (read.problem !== undefined) {
      const { name, data, allowed } = read.problem;
      problems.push(wrong(placeOf(key), name, data, allowed));
    }
  }
  const unknown = key === OWN_KEY || key === SETTING_SYNC ? unknownIn(key, values) : { settings: [], problems: [] };
  return {
    documents: documentOf('groupPolicy', placeOf(key), [...settings, ...unknown.settings]),
    problems: [...problems, ...unknown.problems],
  };
}

/** Carryover's own key may hold every policy. */
function definitionsOf(key: string): readonly PolicyDefinition[] {
  return key === OWN_KEY ? POLICIES : POLICIES.filter(({ registry }) => registry.key === key);
}

function nameIn({ name, registry }: PolicyDefinition, key: string): string {
  return key === registry.key ? (registry.value ?? name) : name;
}

/** By name, so that the order of values does not show. A policy that belongs into another key is none here. */
function unknownIn(key: string, values: readonly RegistryValue[]) {
  const known = definitionsOf(key).flatMap((definition) => [
    nameIn(definition, key),
    ...(definition.kind === 'limit' ? [overrideValueOf(definition)] : []),
  ]);
  const others = values
    .filter(({ name }) => !known.some((one) => same(one, name)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const place = placeOf(key);
  const isPolicy = ({ name }: RegistryValue) => policyByName(name) !== undefined;
  const misplaced = others
    .filter(isPolicy)
    .map(({ name }): Reason => ({ code: 'policyUnknown', facts: { place, policy: name } }));
  const unknown = others.filter((value) => !isPolicy(value));
  const { settings, problems } = settingsFrom(
    place,
    unknown.map(({ name, data }) => [name, data]),
  );
  return { settings, problems: [...misplaced, ...problems] };
}

interface Read {
  readonly value?: PolicyValue;
  readonly problem?: { readonly name: string; readonly data: unknown; readonly allowed: string };
}

type Reader = (value: RegistryValue, definition: PolicyDefinition, all: readonly RegistryValue[]) => Read;

/** What "Enabled" of a limit is written as. */
const LIMIT_ENABLED = 2;

const READ: Readonly<Record<PolicyDefinition['kind'], Reader>> = {
  switch: (value) => {
    const number = dword(value);
    return number === 0 || number === 1 ? { value: number === 1 } : not(value, 'REG_DWORD 1, 0');
  },
  limit: (value, definition, all) => {
    const number = dword(value);
    if (number === 0) return { value: 'on' };
    if (number !== LIMIT_ENABLED) return not(value, `REG_DWORD ${LIMIT_ENABLED}, 0`);
    const override = valueNamed(all, overrideValueOf(definition));
    if (override === undefined || dword(override) === 1) return { value: 'locked' };
    // What cannot be read as leave to turn it on gives none.
    return dword(override) === 0 ? { value: 'off' } : { value: 'locked', ...not(override, 'REG_DWORD 1, 0') };
  },
  number: (value, definition) => {
    const number = dword(value);
    const { from, to } = definition.range ?? {};
    return number !== undefined && wrongValue(definition, number) === undefined
      ? { value: number }
      : not(value, `REG_DWORD ${from}-${to}`);
  },
  list: (value, definition) => {
    const list = value.type === 'REG_MULTI_SZ' && Array.isArray(value.data) ? value.data : undefined;
    const items = list?.map((item) => item.trim()).filter((item) => item !== '');
    return items !== undefined && wrongValue(definition, items) === undefined
      ? { value: items }
      : not(value, 'REG_MULTI_SZ "https://…", "file:///…"');
  },
};

function not({ name, data }: RegistryValue, allowed: string): Pick<Read, 'problem'> {
  return { problem: { name, data, allowed } };
}

function dword({ type, data }: RegistryValue): number | undefined {
  return type === 'REG_DWORD' && typeof data === 'number' ? data : undefined;
}

function valueNamed(values: readonly RegistryValue[], name: string): RegistryValue | undefined {
  return values.find((value) => same(value.name, name));
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function keyOf(policy: string): string {
  return policyByName(policy)?.registry.key ?? '';
}

function placeOf(key: string): string {
  return `HKLM\\${key}`;
}
