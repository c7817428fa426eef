/**
 * What the sign-in step says of each of its four checks. Pure.
 */

import type { HandoverCheck } from '@carryover/model/local-pages';
import type { Here, RestoreSay } from './speech.ts';

export interface CheckLine {
  readonly id: HandoverCheck['id'];
  readonly state: HandoverCheck['state'];
  readonly title: string;
  /** What was found or what to do; empty while there is nothing to say, and of a failed check (see failed-note.tsx). */
  readonly note: string;
  /** The state in a word, for those who do not see the sign. */
  readonly stateWord: string;
}

export function checkLine(check: HandoverCheck, here: Here): CheckLine {
  const { id, state } = check;
  return {
    id,
    state,
    title: titleOf(check, here.say),
    note: noteOf(check, here),
    stateWord: stateWord(state, here.say),
  };
}

function titleOf({ id, state }: HandoverCheck, say: RestoreSay): string {
  if (state === 'waiting') return say(`restore.check.${id}`);
  // Only the account asks for the person; any other check that would is as good as running.
  if (state === 'asks') return say(id === 'account' ? 'restore.check.account.asks' : `restore.check.${id}.running`);
  return say(`restore.check.${id}.${state}`);
}

function noteOf({ id, state, fact }: HandoverCheck, { say }: Here): string {
  if (state === 'failed') return '';
  if (state === 'asks') return id === 'account' ? say('restore.check.account.asksNote') : '';
  if (fact === undefined) return '';
  if (id === 'backups') return say('restore.check.backups.found', { n: Number(fact) });
  return id === 'device' ? say('restore.check.device.passedNote', { org: fact }) : fact;
}

function stateWord(state: HandoverCheck['state'], say: RestoreSay): string {
  const words = {
    waiting: 'restore.check.waiting',
    running: 'restore.check.isRunning',
    asks: 'restore.check.isAsking',
    passed: 'restore.check.isPassed',
    failed: 'restore.check.isFailed',
  } as const;
  return say(words[state]);
}

/** The check that waits for the network; the page tries it again by itself. */
export function isOffline(checks: readonly HandoverCheck[]): boolean {
  return checks.some(({ state, fault }) => state === 'failed' && fault?.code === 'serviceUnreachable');
}
