/**
 * A policy file: one JSON object on the device itself, each line a policy by its name, and what of it counts.
 *
 *   { "name": "Laptops of the town hall", "EnableWindowsBackup": true, "DisableCredentialsSettingSync": "locked", "BackupIntervalDays": 4 }
 *
 * A line that is wrong costs that line only: it counts as not configured and is told with what would be right. A name
 * that is not known stays in the document (the service may know it) and is told too.
 *
 * Pure. Source: product.md R5, R6; the names and values of policy-definitions.ts.
 */

import type { PolicySource } from './policy.ts';
import {
  LIMIT_VALUES,
  type PolicyDefinition,
  type PolicyValue,
  policyByName,
  wrongValue,
} from './policy-definitions.ts';
import type { PolicyDocument, PolicySetting } from './policy-merge.ts';
import type { Reason } from './reasons.ts';

/** What one place on the device says, and what of it does not count. */
export interface LocalFindings {
  readonly documents: readonly PolicyDocument[];
  readonly problems: readonly Reason[];
}

/** Largest policy file, in bytes. Every policy there is, spelled out, has less than a twentieth of it. */
export const MAX_POLICY_FILE_BYTES = 64 * 1024;

const MAX_NAME_CHARACTERS = 200;

/** What a file says. `path` names it in problems, and the document when the file gives itself no name. */
export function policyFileFrom(path: string, text: string): LocalFindings {
  const content = objectFrom(text);
  if (typeof content === 'string')
    return { documents: [], problems: [{ code: 'policyFileNotJson', facts: { file: path, detail: content } }] };
  const { name, ...entries } = content;
  const named = typeof name === 'string' && name.trim() !== '' && name.length <= MAX_NAME_CHARACTERS;
  const wrongName =
    name === undefined || named ? [] : [wrong(path, 'name', name, `"…" (1-${MAX_NAME_CHARACTERS} characters)`)];
  const { settings, problems } = settingsFrom(path, Object.entries(entries));
  return {
    documents: documentOf('policyFile', named ? name : path, settings),
    problems: [...wrongName, ...problems, ...twiceIn(path, text)],
  };
}

/** A place that sets nothing is no document. */
export function documentOf(source: PolicySource, name: string, settings: readonly PolicySetting[]): PolicyDocument[] {
  return settings.length === 0 ? [] : [{ source, name, settings }];
}

/**
 * Names and values as somebody wrote them on the device -> the settings that count. `place` names them in problems.
 * Shape: a value is what JSON has for it: true, 4, "locked", ["https://…"].
 */
export function settingsFrom(
  place: string,
  entries: readonly (readonly [name: string, value: unknown])[],
): { readonly settings: readonly PolicySetting[]; readonly problems: readonly Reason[] } {
  const settings: PolicySetting[] = [];
  const problems: Reason[] = [];
  for (const [policy, value] of entries) {
    const definition = policyByName(policy);
    if (definition === undefined) problems.push({ code: 'policyUnknown', facts: { place, policy } });
    else if (wrongValue(definition, value) !== undefined) {
      problems.push(wrong(place, policy, value, allowedIn(definition)));
      continue;
    }
    if (definition !== undefined || isPlain(value)) settings.push({ policy, value: value as PolicyValue });
  }
  return { settings, problems };
}

/** Names that are there more than once, which a reader of JSON passes over. `text` is one object. */
function twiceIn(place: string, text: string): Reason[] {
  const seen = new Map<string, number>();
  let depth = 0;
  for (const [, name, bracket] of text.matchAll(/("(?:[^"\\]|\\.)*")\s*:|"(?:[^"\\]|\\.)*"|([[{]|[\]}])/g)) {
    if (bracket !== undefined) depth += '[{'.includes(bracket) ? 1 : -1;
    else if (name !== undefined && depth === 1) {
      const policy = String(JSON.parse(name));
      seen.set(policy, (seen.get(policy) ?? 0) + 1);
    }
  }
  const twice = [...seen].filter(([, count]) => count > 1);
  return twice.map(([policy]) => ({ code: 'policyTwice', facts: { place, policy } }));
}

/** What the values of a policy are, in JSON's spelling: the same in every language. */
export function allowedIn({ kind, range }: PolicyDefinition): string {
  switch (kind) {
    case 'switch':
      return 'true, false';
    case 'limit':
      return LIMIT_VALUES.map((value) => `"${value}"`).join(', ');
    case 'number':
      return `${range?.from}-${range?.to}`;
    case 'list':
      return '["https://…", "file:///…"]';
  }
}

/** `value` as it stands there, cut where it is long. */
export function wrong(place: string, policy: string, value: unknown, allowed: string): Reason {
  const shown = JSON.stringify(value) ?? String(value);
  const cut = shown.length > MAX_SHOWN ? `${shown.slice(0, MAX_SHOWN)}…` : shown;
  return { code: 'policyValueWrong', facts: { place, policy, value: cut, allowed } };
}

const MAX_SHOWN = 60;

/** The kinds that any policy could have; whatever else a name that is not known has cannot be one. */
function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === 'string');
  return typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string';
}

/** The object, or what is wrong with the text. */
function objectFrom(text: string): Record<string, unknown> | string {
  try {
    // Editors of Windows write a mark before the text, which JSON does not know.
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    return Array.isArray(value) ? '[…]' : JSON.stringify(value).slice(0, MAX_SHOWN);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
