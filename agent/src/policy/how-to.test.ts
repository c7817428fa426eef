/** docs/how-to/local-policy.md, followed literally: its file and its locked keys are read, and nothing is wrong with them. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { mergePolicies } from '@carryover/model/policy-merge';
import { desktop } from '../../testing/desktop.ts';
import { localPolicy } from './policy.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PACKAGING = join(ROOT, 'packaging/local-policy');
const page = readFileSync(join(ROOT, 'docs/how-to/local-policy.md'), 'utf8');

/** The blocks of the page in their order: the file, the keys, the locks, the profile. */
const [file = '', keys = '', locks = ''] = [...page.matchAll(/```\w*\n([\s\S]*?)```/g)].map(([, block]) => block ?? '');

test('the page shows the files that are packaged', () => {
  for (const [block, path] of [
    [file, 'policy.d/10-backup.json'],
    [keys, 'dconf/00-carryover'],
    [locks, 'dconf/locks/00-carryover'],
  ] as const)
    assert.equal(block, readFileSync(join(PACKAGING, path), 'utf8'), path);
});

test('what the page says to write decides what the page says, from both places and without a remark', async () => {
  const device = await desktop({ administrator: { values: keys, locks: locks.trim().split('\n') } });
  try {
    const folder = join(device.home, 'policy.d');
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, '10-backup.json'), file, { mode: 0o644 });

    const { documents, problems } = await localPolicy(device.system, {
      folder,
      owners: [process.getuid?.() ?? 0],
    }).read();

    assert.deepEqual(problems, []);
    assert.deepEqual(
      documents.map(({ source }) => source),
      ['policyFile', 'dconf'],
    );
    const { decisions, conflicts } = mergePolicies(documents);
    assert.deepEqual(conflicts, []);
    assert.equal(decisions.backupEnabled, true);
    assert.equal(decisions.backupIntervalDays, 4);
    assert.equal(decisions.categories?.accounts, 'locked');
    assert.deepEqual(decisions.origins?.['backupEnabled'], { source: 'dconf', policy: documents[1]?.name });
    assert.equal(documents[0]?.name, 'Laptops of the town hall');
  } finally {
    await device.close();
  }
});
