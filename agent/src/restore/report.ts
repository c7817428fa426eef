/**
 * The report of a restore: what happened to each item, on screen and at the service.
 *
 * The service gets ids, outcomes and reasons, never a value. A report that could not be sent waits in the journal and
 * goes with the next run.
 */

import { KnownError } from '@carryover/model/errors';
import { DONE, type ReportItem } from '@carryover/model/report';
import type { PlanItem } from '@carryover/model/restore-plan';
import type { ReportBody } from '@carryover/model/wire';
import type { Client } from '../client/client.ts';
import { remember } from '../history/history.ts';
import type { Outcome } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';
import {
  durationMsOf,
  isOpen,
  isUndone,
  type Journal,
  journals,
  mend,
  outcomesOf,
  record,
  sessionOf,
  sinceSignInMsOf,
} from './journal.ts';
import type { Plan } from './plan.ts';

/** Every item of the plan with its outcome, in the plan's order. */
export function reportItems(journal: Journal): ReportItem[] {
  const outcomes = outcomesOf(journal);
  return journal.restore.plan.items.map((item) => reportItem(item, outcomes.get(item.id)));
}

function reportItem(planned: PlanItem, outcome: Outcome | undefined): ReportItem {
  const { id, kind, category, title, note } = planned;
  const of = (status: ReportItem['status'], reason: ReportItem['reason']): ReportItem => ({
    id,
    kind,
    category,
    title,
    status,
    ...(reason === undefined ? {} : { reason }),
  });
  if (planned.step === 'same') return of('unchanged', undefined);
  if (planned.step === 'leave') return of(planned.status ?? 'skipped', planned.reason);
  if (outcome !== undefined)
    return of(outcome.status, outcome.reason ?? (outcome.status === 'applied' ? note : undefined));
  return of('failed', { code: 'applyFailed', facts: { detail: 'no mechanism serves it' } });
}

/** Whether the service has it; a service that cannot be reached gets it later. Errors: none for a missing connection. */
export async function sendReport(system: System, client: Client, journal: Journal): Promise<boolean> {
  const sessionId = sessionOf(journal);
  if (sessionId === undefined) return false;
  try {
    await client.reportRestore(sessionId, bodyOf(journal));
  } catch (error) {
    if (error instanceof KnownError && LATER.has(error.code)) return false;
    // The session is gone or closed: asking again will not change that.
    if (!(error instanceof KnownError)) throw error;
  }
  await record(system, journal, { event: 'reported' });
  return true;
}

/** Sends what could not be sent when it happened; how many reports went. */
export async function resendReports(system: System, client: Client): Promise<number> {
  let sent = 0;
  for (const journal of await journals(system)) {
    if (isOpen(journal) || !isUnreported(journal)) continue;
    await mend(system, journal);
    if (await sendReport(system, client, journal)) sent += 1;
  }
  return sent;
}

/** Writes a restore that ended down in the history of this PC. */
export async function rememberRestore(
  system: System,
  { plan, items }: { readonly plan: Plan; readonly items: readonly ReportItem[] },
): Promise<void> {
  const done = items.filter(({ status }) => DONE.includes(status)).length;
  await remember(system, {
    what: 'restore',
    at: system.now().toString({ smallestUnit: 'second' }),
    from: plan.deviceName,
    seq: plan.seq,
    done,
    notDone: items.filter(({ status }) => status !== 'skipped').length - done,
  });
}

const LATER: ReadonlySet<string> = new Set(['serviceUnreachable', 'unauthenticated', 'tooManyRequests', 'storageFull']);

/** What happened last (the end, or an undo after it) is not at the service yet. */
export function isUnreported(journal: Journal): boolean {
  const { lines } = journal;
  const last = lines.findLastIndex(({ event }) => event === 'finished' || event === 'undone');
  return sessionOf(journal) !== undefined && !lines.slice(last).some(({ event }) => event === 'reported');
}

function bodyOf(journal: Journal): ReportBody {
  const sinceSignInMs = sinceSignInMsOf(journal);
  return {
    items: reportItems(journal).map(({ id, kind, category, status, reason }) => ({
      id,
      kind,
      category,
      status,
      ...(reason === undefined ? {} : { reason }),
    })),
    durationMs: durationMsOf(journal),
    finished: true,
    undone: isUndone(journal),
    ...(sinceSignInMs === undefined ? {} : { sinceSignInMs }),
  };
}
