/**
 * What the progress step says: how far, how long still, and what is read out.
 *
 * Counts items, never bytes: percent over downloads jumps. Pure.
 */

import type { RestoreProgress } from '@carryover/model/local-pages';
import type { RestoreSay } from './speech.ts';

/** Before that, what was done so far says little about the rest. */
const GUESS_AFTER_MS = 20_000;

/** At most one sentence in this time is read out. */
export const SPEAK_EVERY_MS = 10_000;

export interface Share {
  readonly done: number;
  readonly total: number;
}

export function shareOf({ categories }: RestoreProgress): Share {
  return {
    done: categories.reduce((sum, { done }) => sum + done, 0),
    total: categories.reduce((sum, { total }) => sum + total, 0),
  };
}

/**
 * "About 2 minutes left", rounded up to minutes; undefined while nobody can know: too early, nothing done yet, apps that
 * wait, or a restore that goes on after a restart, whose start is no measure.
 */
export function timeLeft(progress: RestoreProgress, now: Date, say: RestoreSay): string | undefined {
  const elapsedMs = now.getTime() - Date.parse(progress.startedAt);
  const { done, total } = shareOf(progress);
  if (elapsedMs <= GUESS_AFTER_MS || done === 0 || done === total || progress.appsWait || progress.goingOn)
    return undefined;
  return say('restore.left', { n: Math.max(1, Math.ceil(((elapsedMs / done) * (total - done)) / 60_000)) });
}

/** What is read out; the same sentence again is not. */
export function spokenProgress(progress: RestoreProgress, say: RestoreSay): string {
  const { done, total } = shareOf(progress);
  const sentence = say('restore.progressSpoken', { n: done, total });
  return progress.appsWait ? `${sentence} ${say('restore.appsWait')}` : sentence;
}
