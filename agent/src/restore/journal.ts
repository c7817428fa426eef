/**
 * What a restore has done so far, on disk before the next step: a restore that is killed at any point goes on from here.
 *
 * Each restore has a number on this device and files `<number>.<what>` in the state folder's `restores`, 0600:
 * `choice.json` (what was chosen and planned, written before anything else), `journal.jsonl` (one line a step),
 * `undo.json` and its contents (undo.ts). A line that was cut off by a power cut is passed over: its step is done again.
 */

import type { Json } from '@carryover/model/canonical';
import type { Outcome } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';
import type { Plan } from './plan.ts';

export type JournalLine =
  /** The service knows of the choice. */
  | { readonly event: 'session'; readonly sessionId: string }
  /** These items are about to be changed. */
  | { readonly event: 'begin'; readonly items: readonly string[] }
  /** What came of them, what they hold now (for undo), and how long it took in milliseconds. */
  | { readonly event: 'end'; readonly outcomes: readonly Outcome[]; readonly after: After; readonly ms: number }
  | { readonly event: 'finished'; readonly at?: string }
  /** What failed is tried once more; until it is finished again, the restore is open. */
  | { readonly event: 'again' }
  /** Nothing was done and nothing will be: the service could not be told, or said no. */
  | { readonly event: 'refused' }
  /** The service has the last report of this restore. */
  | { readonly event: 'reported' }
  | { readonly event: 'undone'; readonly back: number; readonly kept: readonly string[] };

/** Raw value by item; null stands for "not set". */
export type After = Readonly<Record<string, Json>>;

interface Restore {
  /** Six digits; later restores have larger ones. */
  readonly number: string;
  readonly startedAt: string;
  readonly plan: Plan;
  /** The recorded choice it carries out; undefined for a restore asked for on the command line. */
  readonly choiceId?: string;
  /** Of a choice that the service knew of before. */
  readonly sessionId?: string;
  /** When the person was at the desktop that was to be restored; undefined where that was not waited for. */
  readonly desktopAt?: string;
}

/** The choice a restore carries out, when it was recorded before. */
export type ChosenBefore = Pick<Restore, 'choiceId' | 'sessionId' | 'desktopAt'>;

export interface Journal {
  readonly restore: Restore;
  readonly lines: readonly JournalLine[];
}

/** How long a restore can be undone, in days. */
export const UNDO_DAYS = 30;

export function undoUntilOf({ restore }: Journal): Temporal.Instant {
  return Temporal.Instant.from(restore.startedAt).add({ hours: UNDO_DAYS * 24 });
}

function restoresFolder(system: System): string {
  return `${system.stateFolder}/restores`;
}

export function fileOfRestore(system: System, number: string, what: string): string {
  return `${restoresFolder(system)}/${number}.${what}`;
}

/** Writes down a choice before anything is done about it. */
export async function begin(system: System, plan: Plan, chosen: ChosenBefore = {}): Promise<Journal> {
  const last = (await numbers(system)).at(-1) ?? '0';
  const restore: Restore = {
    number: String(Number(last) + 1).padStart(6, '0'),
    startedAt: system.now().toString({ smallestUnit: 'second' }),
    plan,
    ...chosen,
  };
  await system.writeFile(fileOfRestore(system, restore.number, 'choice.json'), JSON.stringify(restore), 0o600);
  return { restore, lines: [] };
}

/** The journal with the line, which is on disk. */
export async function record(system: System, { restore, lines }: Journal, line: JournalLine): Promise<Journal> {
  const path = fileOfRestore(system, restore.number, 'journal.jsonl');
  await system.appendLine(path, JSON.stringify(line));
  return { restore, lines: [...lines, line] };
}

/** Ends a line that a power cut left half written, so that it does not swallow the next one. */
export async function mend(system: System, { restore }: Journal): Promise<void> {
  const path = fileOfRestore(system, restore.number, 'journal.jsonl');
  const last = (await system.readFile(path))?.at(-1);
  if (last !== undefined && last !== NEWLINE) await system.appendLine(path, '');
}

const NEWLINE = 10;

/** All restores of this device that are still kept, oldest first. */
export async function journals(system: System): Promise<Journal[]> {
  const found: Journal[] = [];
  for (const number of await numbers(system)) {
    const choice = jsonFrom(await system.readFile(fileOfRestore(system, number, 'choice.json')));
    if (choice === undefined) continue;
    found.push({ restore: choice as Restore, lines: await linesOf(system, number) });
  }
  return found;
}

/** A restore that was begun and neither finished nor taken back: it was stopped. */
export function isOpen({ lines }: Journal): boolean {
  const since = lines.slice(lines.findLastIndex(({ event }) => event === 'again') + 1);
  return !since.some(({ event }) => event === 'finished' || event === 'undone' || event === 'refused');
}

export function isUndone({ lines }: Journal): boolean {
  return lines.some(({ event }) => event === 'undone');
}

/** What came of each item so far; what failed before it is tried again is open. */
export function outcomesOf({ lines }: Journal): Map<string, Outcome> {
  const outcomes = new Map<string, Outcome>();
  for (const line of lines) {
    if (line.event === 'end') for (const one of line.outcomes) outcomes.set(one.itemId, one);
    if (line.event === 'again') for (const [id, { status }] of outcomes) if (status === 'failed') outcomes.delete(id);
  }
  return outcomes;
}

/** Items that may have been changed: begun, whether or not the end is known. */
export function begunItems({ lines }: Journal): Set<string> {
  return new Set(lines.flatMap((line) => (line.event === 'begin' ? line.items : [])));
}

/** What the items held right after they were applied, as far as it is known. */
export function afterOf({ lines }: Journal): Map<string, Json> {
  return new Map(lines.flatMap((line) => (line.event === 'end' ? Object.entries(line.after) : [])));
}

export function sessionOf({ restore, lines }: Journal): string | undefined {
  return restore.sessionId ?? lines.find((line) => line.event === 'session')?.sessionId;
}

export function durationMsOf({ lines }: Journal): number {
  return Math.round(lines.reduce((sum, line) => sum + (line.event === 'end' ? line.ms : 0), 0));
}

/** Milliseconds from the person's first desktop to the end of the restore, by the device's clock; undefined when unknown. */
export function sinceSignInMsOf({ restore, lines }: Journal): number | undefined {
  const finished = lines.find((line) => line.event === 'finished');
  if (restore.desktopAt === undefined || finished?.at === undefined) return undefined;
  const since = Temporal.Instant.from(restore.desktopAt)
    .until(Temporal.Instant.from(finished.at))
    .total('milliseconds');
  // A clock that was set back meanwhile measured nothing.
  return since < 0 ? undefined : since;
}

/** Forgets restores that are too old to be undone, with their undo points. */
export async function forgetOld(system: System, now: Temporal.Instant): Promise<void> {
  for (const journal of await journals(system)) {
    if (Temporal.Instant.compare(undoUntilOf(journal), now) >= 0) continue;
    const { restore } = journal;
    const files = (await system.list(restoresFolder(system))).filter((name) => name.startsWith(`${restore.number}.`));
    // The choice last: what is left of a restore that is half forgotten is found again by it.
    const ordered = files.toSorted((a, b) => Number(a.endsWith('.choice.json')) - Number(b.endsWith('.choice.json')));
    for (const name of ordered) await system.removeFile(`${restoresFolder(system)}/${name}`);
  }
}

async function numbers(system: System): Promise<string[]> {
  const names = await system.list(restoresFolder(system));
  return names.flatMap((name) => /^(\d{6})\.choice\.json$/.exec(name)?.[1] ?? []);
}

async function linesOf(system: System, number: string): Promise<JournalLine[]> {
  const bytes = await system.readFile(fileOfRestore(system, number, 'journal.jsonl'));
  if (bytes === undefined) return [];
  return Buffer.from(bytes)
    .toString()
    .split('\n')
    .flatMap((line) => (jsonFrom(Buffer.from(line)) as JournalLine | undefined) ?? []);
}

function jsonFrom(bytes: Uint8Array | undefined): unknown {
  try {
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
