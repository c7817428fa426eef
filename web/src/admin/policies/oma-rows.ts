/**
 * The settings of a custom policy as somebody edits them: each a row, with its value as it was typed.
 *
 * What was not touched goes back as it came. What does not fit its type goes to the service as it was typed, which says
 * what is wrong with it: there is one place that knows.
 *
 * Pure. Source: Graph, omaSetting and what derives from it; model/policy-oma.ts.
 */

import { KnownError } from '@carryover/model/errors';
import { type PolicyDefinition, type PolicyValue, policyByOmaUri } from '@carryover/model/policy-definitions';
import { OMA_TYPES, type OmaSetting, type OmaType, settingsFromOma } from '@carryover/model/policy-oma';

export interface OmaRow {
  /** Of the row, while it is edited: names may be the same, and change. */
  readonly key: string;
  readonly type: OmaType;
  readonly name: string;
  readonly omaUri: string;
  readonly text: string;
  /** As it was read; undefined for a row that was added. */
  readonly given?: OmaSetting;
}

export const OMA_TYPE_NAMES = Object.keys(OMA_TYPES) as OmaType[];
const XML = '#microsoft.graph.omaSettingStringXml';

export function rowsFrom(settings: readonly OmaSetting[]): OmaRow[] {
  return settings.map((given, at) => ({
    key: String(at),
    type: given['@odata.type'],
    name: given.displayName ?? '',
    omaUri: given.omaUri,
    text: textOf(given),
    given,
  }));
}

export function settingFrom({ type, name, omaUri, text, given }: OmaRow): OmaSetting {
  const isAsGiven = given !== undefined && given['@odata.type'] === type && textOf(given) === text;
  return {
    ...given,
    '@odata.type': type,
    omaUri: omaUri.trim(),
    value: isAsGiven ? given.value : valueFrom(type, text),
    ...(name === '' && given?.displayName === undefined ? {} : { displayName: name }),
  };
}

/** Rows of one kind: what is chosen when a type or a policy is chosen for a row. */
export function firstText(type: OmaType): string {
  return type === '#microsoft.graph.omaSettingBoolean' ? 'true' : '';
}

function textOf({ '@odata.type': type, value }: OmaSetting): string {
  if (type !== XML || typeof value !== 'string') return String(value);
  try {
    const bytes = Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return value;
  }
}

function valueFrom(type: OmaType, text: string): unknown {
  switch (OMA_TYPES[type]) {
    case 'boolean':
      return text === 'true';
    case 'integer':
    case 'number':
      return /^\s*-?\d+(\.\d+)?\s*$/.test(text) ? Number(text) : text;
    default:
      return type === XML ? btoa(String.fromCharCode(...new TextEncoder().encode(text))) : text;
  }
}

export interface Known {
  readonly definition: PolicyDefinition;
  /** Undefined while what is typed is no value of it. */
  readonly value: PolicyValue | undefined;
}

/** Which of the policies that are known here a row is; undefined for none of them. */
export function knownAs(row: OmaRow): Known | undefined {
  const definition = policyByOmaUri(row.omaUri);
  if (definition === undefined) return undefined;
  try {
    return { definition, value: settingsFromOma([settingFrom(row)]).settings[0]?.value };
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    return { definition, value: undefined };
  }
}

/** A row that says what a policy says when somebody adds it. */
export function rowOf(
  { kind, omaUri, title, category, range }: PolicyDefinition,
  language: 'en' | 'de',
  key: string,
): OmaRow {
  const row = { key, name: title[language], omaUri };
  if (kind === 'number') return { ...row, type: '#microsoft.graph.omaSettingInteger', text: String(range?.from ?? 1) };
  const xml = kind === 'limit' || category !== 'windows' ? '<enabled/>' : '<disabled/>';
  return { ...row, type: '#microsoft.graph.omaSettingString', text: kind === 'list' ? '' : xml };
}

export interface RowFault {
  readonly field: 'omaUri' | 'value' | 'name';
  readonly message: string;
}

/**
 * What the service says of one of these rows, by its key; undefined when it speaks of something else.
 *
 * The model writes "omaSettings[0].value", the check of the body "body.omaSettings.0.omaUri".
 */
export function rowFault(error: unknown, rows: readonly OmaRow[]): (RowFault & { readonly key: string }) | undefined {
  const property = error instanceof KnownError ? error.details['property'] : undefined;
  if (!(error instanceof KnownError) || typeof property !== 'string') return undefined;
  const [, bracketed, dotted, member] = /omaSettings(?:\[(\d+)\]|\.(\d+))(?:\.(\w+))?/.exec(property) ?? [];
  const row = rows[Number(bracketed ?? dotted ?? -1)];
  if (row === undefined) return undefined;
  const field = member === 'omaUri' ? 'omaUri' : member === 'displayName' ? 'name' : 'value';
  return { key: row.key, field, message: error.message };
}
