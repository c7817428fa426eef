import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RestoreProgress } from '@carryover/model/local-pages';
import { sayFor } from '../../testing/say.ts';
import { shareOf, spokenProgress, timeLeft } from './progress-words.ts';

const SAY = sayFor('en');
const STARTED = Date.parse('2026-11-25T09:00:00Z');
const after = (seconds: number) => new Date(STARTED + seconds * 1000);

test('items of all categories are counted together', () => {
  assert.deepEqual(shareOf(aProgress()), { done: 15, total: 30 });
});

test('time left is said only after 20 seconds, and in minutes rounded up', () => {
  assert.equal(timeLeft(aProgress(), after(20), SAY), undefined);
  assert.equal(timeLeft(aProgress(), after(21), SAY), 'About 1 minute left');
  assert.equal(timeLeft(aProgress(), after(61), SAY), 'About 2 minutes left');
});

test('nobody guesses while nothing is done, apps wait, or the restore goes on after a restart', () => {
  const none = aProgress({ categories: [{ category: 'apps', done: 0, total: 3 }] });

  assert.equal(timeLeft(none, after(90), SAY), undefined);
  assert.equal(timeLeft(aProgress({ appsWait: true }), after(90), SAY), undefined);
  assert.equal(timeLeft(aProgress({ goingOn: true }), after(90), SAY), undefined);
});

test('what is read out counts items and says when apps wait', () => {
  assert.equal(spokenProgress(aProgress(), SAY), '15 of 30 brought over.');
  assert.equal(spokenProgress(aProgress({ appsWait: true }), SAY), '15 of 30 brought over. Apps wait for a connection');
});

function aProgress(part: Partial<RestoreProgress> = {}): RestoreProgress {
  return {
    deviceName: 'AUE-LT-0417',
    startedAt: new Date(STARTED).toISOString(),
    undoValues: 3,
    goingOn: false,
    categories: [
      { category: 'personalization', done: 10, total: 10 },
      { category: 'apps', done: 5, total: 20 },
    ],
    current: [],
    appsWait: false,
    ...part,
  };
}
