import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { type PkconAnswers, standInPkcon } from '../../testing/stand-in-pkcon.ts';
import { realSystem } from '../system/real.ts';
import type { FileFacts, System } from '../system/system.ts';
import { systemUpdater } from './updates.ts';

let folder: string;
let asked: () => string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'carryover-updates-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function packageKit(answers: PkconAnswers): System {
  asked = standInPkcon(folder, answers).asked;
  return onMachine();
}

/** Only this folder has programs; nothing says of itself that a restart is needed. */
function onMachine(restartFile?: FileFacts): System {
  const system = realSystem({ PATH: folder, HOME: folder });
  return { ...system, facts: async (path) => (path === '/run/reboot-required' ? restartFile : system.facts(path)) };
}

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

/** A Windows whose rundll32 ends so. */
function windows(exit: number) {
  return memorySystem({
    registry: windowsRegistry(26100),
    env: { SystemRoot: 'C:\\Windows' },
    run: () => ({ exit, stdout: '', stderr: '' }),
  });
}

test('on Windows its own updater is opened, by a program of the system folder, and nothing counts as installed', async () => {
  const system = windows(0);
  const updater = systemUpdater(system);

  assert.equal(updater.opens, true);
  assert.equal(await updater.check(), true);
  assert.deepEqual(system.runs, []);
  assert.deepEqual(await updater.install(), { installed: false, restartNeeded: false, opened: true });
  assert.deepEqual(
    system.runs.map(({ program, args }) => [program, ...args]),
    [['C:\\Windows\\System32\\rundll32.exe', 'url.dll,FileProtocolHandler', 'ms-settings:windowsupdate-action']],
  );
});

test('a Windows Update that does not open is told with where it is', async () => {
  await assert.rejects(systemUpdater(windows(1)).install(), (error: Error) => {
    assert.match(error.message, /Settings > Windows Update/);
    return refusedWith('updateFailed')(error);
  });
});
