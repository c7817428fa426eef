/** Policies in a real database of dconf: only what is locked counts, whatever the person's own layer says. */

import assert from 'node:assert/strict';
import { chmodSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { dconfKeyOf, POLICIES, type PolicyValue } from '@carryover/model/policy-definitions';
import { wordsOf } from '@carryover/model/reasons';
import { type Desktop, type DesktopOptions, desktop } from '../../testing/desktop.ts';
import { dconfLocks } from './dconf-locks.ts';

const FOLDER = '/org/carryover/policy';
const lockOf = (policy: string) => `${FOLDER}/${dconfKeyOf(policy)}`;

async function withDesktop(
  administrator: DesktopOptions['administrator'],
  use: (device: Desktop, read: () => ReturnType<ReturnType<typeof dconfLocks>['read']>) => Promise<void>,
): Promise<void> {
  const device = await desktop(administrator === undefined ? {} : { administrator });
  try {
    await use(device, () => sourceOf(device).read());
  } finally {
    await device.close();
  }
}

function sourceOf({ system }: Desktop) {
  return dconfLocks(system, { folder: '/nowhere', owners: [process.getuid?.() ?? 0] });
}

/** The file that the profile of this desktop names below the person's own. */
function databaseOf({ env }: Desktop): string {
  return /^file-db:(.+)$/m.exec(readFileSync(env['DCONF_PROFILE'] ?? '', 'utf8'))?.[1] ?? '';
}

test('locked keys are one document, whatever the person has set; a key without a lock is told and does not count', async () => {
  const values = [
    `[${FOLDER.slice(1)}]`,
    'enable-windows-backup=true',
    "disable-credentials-setting-sync='locked'",
    'backup-interval-days=uint32 4',
    "allowed-app-sources=['https://flathub.org/repo/flathub.flatpakrepo']",
    'allow-images=false',
  ].join('\n');
  const locks = ['EnableWindowsBackup', 'DisableCredentialsSettingSync', 'BackupIntervalDays', 'AllowedAppSources'];
  await withDesktop({ values, locks: locks.map(lockOf) }, async (device, read) => {
    await device.load(`[${FOLDER.slice(1)}]\nallow-images=true\nenable-roaming=true\n`);
    const database = databaseOf(device);

    const { documents, problems } = await read();

    assert.deepEqual(documents, [
      {
        source: 'dconf',
        name: database,
        settings: [
          { policy: 'AllowedAppSources', value: ['https://flathub.org/repo/flathub.flatpakrepo'] },
          { policy: 'BackupIntervalDays', value: 4 },
          { policy: 'DisableCredentialsSettingSync', value: 'locked' },
          { policy: 'EnableWindowsBackup', value: true },
        ],
      },
    ]);
    assert.deepEqual(
      problems.map((problem) => wordsOf(problem)),
      [
        {
          reason: `${database}: ${FOLDER}/allow-images is set but not locked, so that everybody can change it. It counts as not configured.`,
          remedy: `Add ${FOLDER}/allow-images to a file in ${database}.d/locks, then: dconf update`,
        },
      ],
    );
  });
});

test('every policy has a key of its own, and what is locked there counts', async () => {
  const samples: Readonly<Record<string, readonly [text: string, value: PolicyValue]>> = {
    switch: ['false', false],
    limit: ["'off'", 'off'],
    number: ['7', 7],
    list: ['@as []', []],
  };
  const values = POLICIES.map(({ name, kind }) => `${dconfKeyOf(name)}=${samples[kind]?.[0]}`).join('\n');
  const administrator = {
    values: `[${FOLDER.slice(1)}]\n${values}\n`,
    locks: POLICIES.map(({ name }) => lockOf(name)),
  };
  await withDesktop(administrator, async (_, read) => {
    const { documents, problems } = await read();

    const expected = POLICIES.map(({ name, kind }) => ({ policy: name, value: samples[kind]?.[1] }));
    const byName = (a: { policy: string }, b: { policy: string }) => (a.policy < b.policy ? -1 : 1);
    assert.deepEqual(documents[0]?.settings.toSorted(byName), expected.toSorted(byName));
    assert.deepEqual(problems, []);
  });
});

test('a wrong value and a key that is not known are told, the other keys hold', async () => {
  const keys = ['enable-windows-backup', 'backup-interval-days', 'some-newer-policy', 'allow-images'];
  const values = `[${FOLDER.slice(1)}]
enable-windows-backup='yes'
backup-interval-days=(1, 2)
some-newer-policy=true
allow-images=false
`;
  await withDesktop({ values, locks: keys.map((key) => `${FOLDER}/${key}`) }, async (_, read) => {
    const { documents, problems } = await read();

    assert.deepEqual(documents[0]?.settings, [
      { policy: 'AllowImages', value: false },
      { policy: 'SomeNewerPolicy', value: true },
    ]);
    assert.deepEqual(
      problems.map(({ code, facts }) => [code, facts?.['policy'], facts?.['value'], facts?.['allowed']]),
      [
        ['policyValueWrong', 'BackupIntervalDays', '"(1, 2)"', '1-60'],
        ['policyValueWrong', 'EnableWindowsBackup', '"yes"', 'true, false'],
        ['policyUnknown', 'SomeNewerPolicy', undefined, undefined],
      ],
    );
  });
});

test('a lock on the whole folder locks nothing, as in dconf itself', async () => {
  const administrator = { values: `[${FOLDER.slice(1)}]\nenable-windows-backup=true\n`, locks: [`${FOLDER}/`] };
  await withDesktop(administrator, async (_, read) => {
    const { documents, problems } = await read();
    assert.deepEqual([documents, problems.map(({ code }) => code)], [[], ['policyNotLocked']]);
  });
});

test("a database that others may write is not the organization's word", async () => {
  const administrator = {
    values: `[${FOLDER.slice(1)}]\nenable-windows-backup=true\n`,
    locks: [lockOf('EnableWindowsBackup')],
  };
  await withDesktop(administrator, async (device, read) => {
    const before = await sourceOf(device).mark();
    chmodSync(databaseOf(device), 0o666);

    assert.notEqual(before, '');
    assert.notEqual(await sourceOf(device).mark(), before);
    assert.deepEqual(await read(), {
      documents: [],
      problems: [{ code: 'policyFileNotTrusted', facts: { file: databaseOf(device) } }],
    });
  });
});

test('where no administrator set a policy nothing is run, and the mark is empty', async () => {
  const elsewhere = { values: "[org/gnome/desktop/interface]\ncolor-scheme='prefer-dark'\n", locks: [] };
  for (const administrator of [undefined, elsewhere])
    await withDesktop(administrator, async (device, read) => {
      await device.load(`[${FOLDER.slice(1)}]\nenable-windows-backup=true\n`);
      assert.equal(await sourceOf(device).mark(), '');
      assert.deepEqual(await read(), { documents: [], problems: [] });
    });
});
