import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Draft } from './draft.ts';
import { rowsFrom } from './oma-rows.ts';
import { differingParts, withPart } from './policy-diff.ts';

const oma = (settings: Readonly<Record<string, string>>) =>
  rowsFrom(
    Object.entries(settings).map(([omaUri, value]) => ({
      '@odata.type': '#microsoft.graph.omaSettingString',
      omaUri,
      value,
    })),
  );
const BEFORE: Draft = {
  name: 'A',
  description: '',
  values: { KeptSnapshots: 3 },
  oma: oma({ './a': '1' }),
  targets: [],
};
const AFTER: Draft = {
  name: 'B',
  description: 'New',
  values: { BackupIntervalDays: 4 },
  oma: oma({ './b': '3', './a': '2' }),
  targets: [{ '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' }],
};

test('what differs is told part by part, also what one of the two does not have', () => {
  assert.deepEqual(differingParts(BEFORE, BEFORE), []);
  assert.deepEqual(differingParts(BEFORE, AFTER).toSorted(), [
    'description',
    'name',
    'oma ./a',
    'oma ./b',
    'targets',
    'value BackupIntervalDays',
    'value KeptSnapshots',
  ]);
});

test('taken over part by part nothing differs in the end, in either direction', () => {
  for (const [from, to] of [
    [BEFORE, AFTER],
    [AFTER, BEFORE],
  ] as const) {
    const made = differingParts(from, to).reduce((draft, part) => withPart(draft, part, to), from);
    assert.deepEqual(differingParts(made, to), []);
    assert.equal(new Set(made.oma.map(({ key }) => key)).size, made.oma.length, 'rows have keys of their own');
  }
});
