import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Overview } from '@carryover/model/admin';
import { render } from '../../../testing/render.tsx';
import { RestoresCard } from './restores-card.tsx';

const none = { notApplicable: 0, noPolicyAssigned: 0, succeeded: 0, failed: 0, noBackupProfiles: 0 };
const overview: Overview = {
  asOf: '2026-11-01T08:00:00Z',
  people: 1,
  devices: 4,
  coverage: { backedUp: 4, overdue: 0, failing: 0, notEligible: 0, notSwitchedOn: 0, never: 0 },
  backupIntervalDays: 1,
  restoresLast30Days: { running: 0, succeeded: 0, failed: 0, undone: 0 },
  setupOutcomes: { ...none, setupAsNewPCSelected: 0 },
  newestBackups: [],
  newestRestores: [],
};

test('Home counts what came of the restore page, in words and without what never came', async () => {
  const setupOutcomes = { ...none, succeeded: 3, setupAsNewPCSelected: 1 };
  await using page = await render(<RestoresCard overview={{ ...overview, setupOutcomes }} />);

  assert.match(page.text(), /Restore page, devices: 3 Succeeded, 1 Setup as New PC Selected/);
  assert.doesNotMatch(page.text(), /Not Applicable/);
});

test('Home says nothing of the restore page while nothing came of it, and speaks German', async () => {
  await using page = await render(<RestoresCard overview={overview} />);
  assert.doesNotMatch(page.text(), /Restore page/);

  const setupOutcomes = { ...none, failed: 2, setupAsNewPCSelected: 0 };
  await using german = await render(<RestoresCard overview={{ ...overview, setupOutcomes }} />, { language: 'de' });
  assert.match(german.text(), /Wiederherstellungsseite, Geräte: 2 Fehlgeschlagen/);
});
