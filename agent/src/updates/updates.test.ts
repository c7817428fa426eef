import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { refusedWith } from '../../testing/refused-with.ts';
import { realSystem } from '../system/real.ts';
import type { FileFacts, System } from '../system/system.ts';
import { systemUpdater } from './updates.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carryover-updates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program named pkcon that writes down what it is asked, says this and ends so. */
function packageKit(answers: Readonly<Record<string, { readonly says?: string; readonly exit: number }>>): System {
  const cases = Object.entries(answers).map(
    ([asked, { says = '', exit }]) => `*" ${asked}") echo '${says}'; exit ${exit};;`,
  );
  const lines = ['#!/bin/sh', `echo "$LC_ALL $*" >> '${folder}/asked'`, 'case "$*" in', ...cases, 'esac', 'exit 3', ''];
  writeFileSync(join(folder, 'pkcon'), lines.join('\n'));
  chmodSync(join(folder, 'pkcon'), 0o755);
  return onMachine();
}

/** Only this folder has programs; nothing says of itself that a restart is needed. */
function onMachine(restartFile?: FileFacts): System {
  const system = realSystem({ PATH: folder, HOME: folder });
  return { ...system, facts: async (path) => (path === '/run/reboot-required' ? restartFile : system.facts(path)) };
}

const asked = () => readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');

test('updates wait when the refreshed lists have some, and not when nothing useful could be done', async () => {
  const some = packageKit({ refresh: { exit: 0 }, 'get-updates': { exit: 0 } });
  assert.equal(await systemUpdater(some).check(), true);

  const none = packageKit({ refresh: { exit: 5 }, 'get-updates': { exit: 5 } });
  assert.equal(await systemUpdater(none).check(), false);

  assert.deepEqual(
    asked(),
    ['refresh', 'get-updates', 'refresh', 'get-updates'].map((what) => `C.UTF-8 --plain --noninteractive ${what}`),
  );
});

test('installing says whether anything came, and whether it takes a restart', async () => {
  const quiet = packageKit({ update: { exit: 0 } });
  assert.deepEqual(await systemUpdater(quiet).install(), { installed: true, restartNeeded: false });

  const withFile = {
    ...quiet,
    facts: onMachine({ kind: 'file', bytes: 1, mode: 0o644, owner: 0, fingerprint: 'f' }).facts,
  };
  assert.deepEqual(await systemUpdater(withFile).install(), { installed: true, restartNeeded: true });

  const told = packageKit({ update: { exit: 0, says: 'Please restart the computer to complete the update.' } });
  assert.deepEqual(await systemUpdater(told).install(), { installed: true, restartNeeded: true });

  const nothing = packageKit({ update: { exit: 5 } });
  assert.deepEqual(await systemUpdater(nothing).install(), { installed: false, restartNeeded: false });
});

test('what fails is told in the updater’s own words', async () => {
  const refused = packageKit({ update: { exit: 7, says: 'Fatal error: Failed to obtain authentication.' } });

  await assert.rejects(systemUpdater(refused).install(), (error: Error) => {
    assert.match(error.message, /could not be installed: Fatal error: Failed to obtain authentication\./);
    return refusedWith('updateFailed')(error);
  });
});

test('without an updater the missing part is named', async () => {
  await assert.rejects(systemUpdater(onMachine()).check(), refusedWith('missingPart'));
});
