import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countsOf, groupedByReason, isAllFailed, notBrought, type ResultItem, reportText } from './outcome.ts';

test('counts name what was wanted; what the person left out is not counted', () => {
  const items = [
    anItem(),
    anItem({ status: 'unchanged' }),
    anItem({ status: 'failed' }),
    anItem({ status: 'skipped', reason: { code: 'leftOut' } }),
    anItem({ kind: 'app', category: 'apps' }),
    anItem({ kind: 'image' }),
  ];

  assert.deepEqual(countsOf(items), {
    settings: { done: 2, of: 3 },
    apps: { done: 1, of: 1 },
    files: { done: 1, of: 1 },
  });
});

test('what did not come over is everything but what was done or left out', () => {
  const items = [
    anItem({ id: 'a' }),
    anItem({ id: 'b', status: 'lockedByPolicy' }),
    anItem({ id: 'c', status: 'skipped' }),
    anItem({ id: 'd', status: 'notOnThisVersion' }),
  ];

  assert.deepEqual(
    notBrought(items).map(({ id }) => id),
    ['b', 'd'],
  );
});

test('all failed means something was tried and nothing came of it', () => {
  assert.equal(isAllFailed([anItem({ status: 'failed' }), anItem({ status: 'lockedByPolicy' })]), true);
  assert.equal(isAllFailed([anItem({ status: 'failed' }), anItem({ status: 'unchanged' })]), false);
  assert.equal(isAllFailed([anItem({ status: 'lockedByPolicy' })]), false);
});

test('a reason that is the same for all is said once, others stay with their item', () => {
  const notHere = { code: 'notOnThisVersion', facts: { system: 'GNOME 48' } } as const;
  const gone = (app: string) => ({ code: 'appNotOffered', facts: { app, source: 'Flathub' } }) as const;
  const items = [
    anItem({ status: 'failed', title: 'QGIS', reason: gone('QGIS') }),
    anItem({ status: 'notOnThisVersion', title: 'Dock', reason: notHere }),
    anItem({ status: 'notOnThisVersion', title: 'Font', reason: notHere }),
    anItem({ status: 'failed', title: 'GIMP', reason: gone('GIMP') }),
  ];

  const [versions, apps, ...rest] = groupedByReason(items, 'en');

  assert.deepEqual(rest, []);
  assert.equal(versions?.status, 'notOnThisVersion');
  assert.equal(versions?.reason, 'This version of GNOME 48 has no such setting.');
  assert.deepEqual(
    versions?.members.map(({ item, reason }) => [item.title, reason]),
    [
      ['Dock', undefined],
      ['Font', undefined],
    ],
  );
  assert.equal(apps?.reason, undefined);
  assert.equal(apps?.remedy, 'Your IT can offer it another way.');
  assert.deepEqual(
    apps?.members.map(({ reason }) => reason),
    ['QGIS is no longer offered in Flathub.', 'GIMP is no longer offered in Flathub.'],
  );
});

test('the list for IT names id, outcome, code and sentence of each', () => {
  const items = [
    anItem({ id: 'zone', title: 'Zone', status: 'needsElevation', reason: { code: 'needsElevation' } }),
    anItem(),
  ];

  const text = reportText(
    { deviceName: 'AUE-LT-0417', finishedAt: '2026-11-25T09:00:00Z', durationMs: 1, items, reported: true },
    'en',
  );

  assert.equal(
    text,
    'AUE-LT-0417, 2026-11-25T09:00:00Z\nZone (zone): needsElevation needsElevation: Only an administrator can change this.',
  );
});

function anItem(part: Partial<ResultItem> = {}): ResultItem {
  return { id: 'x', kind: 'setting', category: 'other', title: 'X', status: 'applied', ...part };
}
