import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atStart, day, fullTime, size, span, when } from './when.ts';

const EN = { language: 'en', timeZone: 'Europe/Berlin' } as const;
const DE = { language: 'de', timeZone: 'Europe/Berlin' } as const;
const NOW = new Date('2026-11-25T09:00:00Z');

test('a moment of the last days is told by its day and time', () => {
  assert.equal(when('2026-11-25T07:51:00Z', NOW, EN), 'today at 08:51');
  assert.equal(when('2026-11-24T16:42:00Z', NOW, EN), 'yesterday at 17:42');
  assert.equal(when('2026-11-24T16:42:00Z', NOW, DE), 'gestern um 17:42');
});

test('an older moment is told by its date, with the year when it is another', () => {
  assert.equal(when('2026-10-14T08:00:00Z', NOW, EN), '14 October');
  assert.equal(when('2025-09-02T08:00:00Z', NOW, EN), '2 September 2025');
  assert.equal(when('2026-10-14T08:00:00Z', NOW, DE), '14. Oktober');
});

test('the calendar of the place decides what yesterday is, not 24 hours', () => {
  const shortlyAfterMidnight = new Date('2026-11-24T23:05:00Z');

  assert.equal(when('2026-11-24T22:55:00Z', shortlyAfterMidnight, EN), 'yesterday at 23:55');
});

test('days to come have words, too', () => {
  assert.equal(day('2026-11-26T22:00:00Z', NOW, EN), 'tomorrow');
  assert.equal(day('2026-11-29T09:00:00Z', NOW, EN), '29 November');
});

test('a full time names all of it', () => {
  assert.equal(fullTime('2026-10-14T15:42:00Z', EN), '14 October 2026 at 17:42');
});

test('spans and sizes are written as the language writes them', () => {
  assert.equal(span(192_000, EN), '3 mins, 12 secs');
  assert.equal(span(0, EN), '0 secs');
  assert.equal(size(1_340_000, EN), '1.3 MB');
  assert.equal(size(1_340_000, DE), '1,3 MB');
  assert.equal(size(512, EN), '512 byte');
});

test('words at the start of a line begin with a capital', () => {
  assert.equal(atStart('gestern um 17:42', DE), 'Gestern um 17:42');
});
