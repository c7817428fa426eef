/**
 * A policy taken apart into what can differ between two of it: name, description, each setting, whom it reaches.
 *
 * So two people's changes of one document can be laid side by side, and one of them taken over piece by piece.
 *
 * Pure.
 */

import { type Draft, same } from './draft.ts';
import { type OmaRow, settingFrom } from './oma-rows.ts';

/** "name", "description", "targets", "value EnableWindowsBackup", "oma ./device/vendor/…". */
export type Part = string;

/** What differs, in the order in which it stands on the page. */
export function differingParts(before: Draft, after: Draft): Part[] {
  const parts = [...new Set([...partsOf(before), ...partsOf(after)])];
  return parts.filter((part) => !same(saidIn(before, part), saidIn(after, part)));
}

function partsOf({ values, oma }: Draft): Part[] {
  return [
    'name',
    'description',
    ...Object.keys(values).map((name) => `value ${name}`),
    ...oma.map((row) => `oma ${uriOf(row)}`),
    'targets',
  ];
}

/** What a draft says of a part; undefined for nothing. */
export function saidIn(draft: Draft, part: Part): unknown {
  const [kind, name = ''] = split(part);
  switch (kind) {
    case 'name':
      return draft.name;
    case 'description':
      return draft.description;
    case 'targets':
      return draft.targets;
    case 'oma':
      return rowsAt(draft, name).length === 0 ? undefined : rowsAt(draft, name).map(settingFrom);
    default:
      return draft.values[name];
  }
}

/** The draft with this part as it is in the other. */
export function withPart(draft: Draft, part: Part, other: Draft): Draft {
  const [kind, name = ''] = split(part);
  switch (kind) {
    case 'name':
      return { ...draft, name: other.name };
    case 'description':
      return { ...draft, description: other.description };
    case 'targets':
      return { ...draft, targets: other.targets };
    case 'oma':
      return { ...draft, oma: withRows(draft.oma, name, rowsAt(other, name)) };
    default: {
      const { [name]: _, ...rest } = draft.values;
      const value = other.values[name];
      return { ...draft, values: value === undefined ? rest : { ...rest, [name]: value } };
    }
  }
}

/** Rows of one address, in the place of those that were there. */
function withRows(rows: readonly OmaRow[], uri: string, others: readonly OmaRow[]): OmaRow[] {
  const at = rows.findIndex((row) => uriOf(row) === uri);
  const rest = rows.filter((row) => uriOf(row) !== uri);
  const taken = others.map((row) => ({ ...row, key: `${row.key} taken` }));
  return at === -1 ? [...rest, ...taken] : rest.toSpliced(at, 0, ...taken);
}

function rowsAt({ oma }: Draft, uri: string): OmaRow[] {
  return oma.filter((row) => uriOf(row) === uri);
}

function uriOf({ omaUri }: OmaRow): string {
  return omaUri.trim().toLowerCase();
}

function split(part: Part): [kind: string, name?: string] {
  const end = part.indexOf(' ');
  return end === -1 ? [part] : [part.slice(0, end), part.slice(end + 1)];
}
