/**
 * Where a restore stands, for the page around the steps: which of the four steps it is, and how soon to look again.
 *
 * Pure.
 */

import type { RestoreStage } from '@carryover/model/local-pages';

export const STEPS = ['signIn', 'choose', 'bring', 'done'] as const;
export type Step = (typeof STEPS)[number];

export function stepOf(stage: RestoreStage): Step {
  switch (stage.kind) {
    case 'checking':
      return isSignedIn(stage) ? 'choose' : 'signIn';
    case 'choose':
      return 'choose';
    case 'decided':
    case 'running':
      return 'bring';
    case 'done':
      return 'done';
    case 'blocked':
      return 'signIn';
  }
}

function isSignedIn({ checks }: Extract<RestoreStage, { kind: 'checking' }>): boolean {
  return checks.some(({ id, state }) => id === 'account' && state === 'passed');
}

const MOVING_MS = 500;
const RESTING_MS = 3_000;

/** Milliseconds until the page looks again. */
export function lookAgainAfterMs(stage: RestoreStage | undefined): number {
  if (stage === undefined) return MOVING_MS;
  const moves =
    stage.kind === 'running' ||
    (stage.kind === 'blocked' && /^(looking|installing)$/.test(stage.updates?.how ?? '')) ||
    (stage.kind === 'checking' && stage.checks.some(({ state }) => state === 'running' || state === 'waiting'));
  return moves ? MOVING_MS : RESTING_MS;
}
