/**
 * PCs from a CSV file: the columns that Intune's own files have, or our shorter names for them.
 *
 * Only serial number and group tag are read: Microsoft's hardware hash says nothing that this service could compare.
 *
 * Pure. Source: Microsoft's "Device Serial Number, Windows Product ID, Hardware Hash, Group Tag".
 */

import { csvRowsFrom } from '@carryover/model/csv';
import type { NewPc } from './autopilot-data.ts';

export const MAX_PCS = 1000;
const SERIAL_NAMES = ['serialnumber', 'device serial number'];
const TAG_NAMES = ['grouptag', 'group tag'];

export type PcFile =
  | { readonly kind: 'pcs'; readonly pcs: readonly NewPc[] }
  | { readonly kind: 'fault'; readonly fault: 'noColumn' | 'noPcs' | 'tooMany' | 'quoteOpen' };

/** Each serial number once. Errors: none; a fault is data. */
export function pcsFrom(csv: string): PcFile {
  const { rows, openQuoteAt } = csvRowsFrom(csv);
  if (openQuoteAt !== undefined) return { kind: 'fault', fault: 'quoteOpen' };
  const [head, ...body] = rows;
  const names = (head?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const [serialAt, tagAt] = [SERIAL_NAMES, TAG_NAMES].map((known) => names.findIndex((name) => known.includes(name)));
  if (serialAt === undefined || serialAt < 0) return { kind: 'fault', fault: 'noColumn' };
  const cell = (cells: readonly string[], at = -1) => (cells[at] ?? '').trim();
  const pcs = body
    .map(({ cells }) => ({ serialNumber: cell(cells, serialAt), groupTag: cell(cells, tagAt) }))
    .filter(({ serialNumber }) => serialNumber !== '');
  const unique = new Map(pcs.map((pc) => [pc.serialNumber.toLowerCase(), pc]));
  if (unique.size === 0) return { kind: 'fault', fault: 'noPcs' };
  if (unique.size > MAX_PCS) return { kind: 'fault', fault: 'tooMany' };
  return { kind: 'pcs', pcs: [...unique.values()] };
}
