import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sayFor } from '../../testing/say.ts';
import { firstName, initials, momentFirst, momentIn, numberWord, spanOf, titlesIn } from './speech.ts';

const [EN, DE] = [sayFor('en'), sayFor('de')];
const NOW = new Date('2026-11-25T09:30:00Z');
const BERLIN = { timeZone: 'Europe/Berlin', now: NOW };

test('near days are named with their time, others by their date', () => {
  const here = { say: EN, language: 'en', ...BERLIN } as const;

  assert.equal(momentIn('2026-11-24T16:42:00Z', here), 'yesterday at 17:42');
  assert.equal(momentFirst('2026-11-25T07:05:00Z', here), 'Today at 08:05');
  assert.equal(momentFirst('2026-10-14T10:00:00Z', here), '14 October');
  assert.equal(momentFirst('2025-09-02T10:00:00Z', here), '2 September 2025');
});

test('German says the same in its own way', () => {
  const here = { say: DE, language: 'de', ...BERLIN } as const;

  assert.equal(momentFirst('2026-11-24T16:42:00Z', here), 'Gestern um 17:42');
  assert.equal(momentFirst('2026-10-14T10:00:00Z', here), '14. Oktober');
});

test('a span has at most two units and never says zero', () => {
  assert.equal(spanOf(192_000, EN), '3 minutes and 12 seconds');
  assert.equal(spanOf(60_000, EN), '1 minute');
  assert.equal(spanOf(10, EN), '1 second');
  assert.equal(spanOf(2 * 3_600_000 + 60_000 + 5_000, EN), '2 hours and 1 minute');
  assert.equal(spanOf(192_000, DE), '3 Minuten und 12 Sekunden');
});

test('many titles are cut with their number', () => {
  assert.equal(titlesIn(['Wallpaper', 'QGIS'], 2, EN), 'Wallpaper, QGIS');
  assert.equal(titlesIn(['Wallpaper', 'QGIS', 'GIMP'], 2, EN), 'Wallpaper, QGIS and 1 more');
});

test('small numbers are words, large ones figures', () => {
  assert.deepEqual([numberWord(1, DE), numberWord(3, EN), numberWord(13, EN)], ['eines', 'three', '13']);
});

test('a name gives a greeting and two letters', () => {
  assert.deepEqual([firstName('Lena Brandt'), firstName(''), firstName(undefined)], ['Lena', undefined, undefined]);
  assert.deepEqual([initials('Lena Maria Brandt'), initials('lena'), initials('')], ['LB', 'L', '']);
});
