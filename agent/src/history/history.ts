/**
 * history.jsonl: what Carryover did on this device, one line each, newest last. For people; nothing is decided by it.
 *
 * A line that cannot be read is passed over. No values, no tokens.
 */

import type { ErrorCode } from '@carryover/model/errors';
import type { System } from '../system/system.ts';

export type HistoryEntry =
  | {
      readonly what: 'backup';
      /** By the service's time. */
      readonly at: string;
      readonly seq: number;
      readonly unchanged: boolean;
      readonly settings: number;
      readonly apps: number;
      /** Payload types that were sent. */
      readonly sent: readonly string[];
      readonly leftOut: number;
      /** The service showed less than it had acknowledged: what it showed and what it should have. */
      readonly alarm?: { readonly acknowledgedSeq: number; readonly shownSeq: number };
    }
  | { readonly what: 'backupFailed'; readonly at: string; readonly code: ErrorCode; readonly message: string }
  | {
      readonly what: 'restore';
      /** By this device's clock, as for an undo. */
      readonly at: string;
      readonly from: string;
      readonly seq: number;
      readonly done: number;
      readonly notDone: number;
    }
  /** The person wanted nothing brought over. */
  | { readonly what: 'setUpAsNew'; readonly at: string }
  | { readonly what: 'undo'; readonly at: string; readonly back: number; readonly kept: number };

export async function remember(system: System, entry: HistoryEntry): Promise<void> {
  const path = pathOf(system);
  const last = (await system.readFile(path))?.at(-1);
  // A power cut may have left a line half written; it must not swallow this one.
  const start = last === undefined || last === NEWLINE ? '' : '\n';
  await system.appendLine(path, `${start}${JSON.stringify(entry)}`);
}

const NEWLINE = 10;

/** Oldest first. */
export async function readHistory(system: System): Promise<HistoryEntry[]> {
  const bytes = await system.readFile(pathOf(system));
  if (bytes === undefined) return [];
  return Buffer.from(bytes)
    .toString()
    .split('\n')
    .flatMap((line) => entryFrom(line) ?? []);
}

function pathOf(system: System): string {
  return `${system.stateFolder}/history.jsonl`;
}

function entryFrom(line: string): HistoryEntry | undefined {
  try {
    return line === '' ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
