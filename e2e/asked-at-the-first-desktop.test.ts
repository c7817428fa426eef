/**
 * A PC that nobody prepared but for two files: the enrollment link and an entry for everyone. What the entry names opens the
 * restore page for each person, again at every sign-in until they have decided, and is gone at once after that.
 *
 * The service, the commands and the windows are real; /etc is the machine's with the two files over it.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openedBy } from './testing/agent-window.ts';
import { type ChangedEtc, changedEtc } from './testing/changed-etc.ts';
import type { Device } from './testing/device.ts';
import { aStory, jsonOf, type Story, succeeded } from './testing/story.ts';

let story: Story;
let etc: ChangedEtc;
let lena: Device;
let entry: string;

before(async () => {
  story = await aStory();
  etc = await changedEtc(story.folder);
  lena = etc.on(await story.device('new-pc'));
  entry = join(etc.kept, 'xdg', 'autostart', 'carryover-first-desktop.desktop');
});
after(() => story?.remove());

test('an administrator writes the entry for everyone, which a desktop can read and which names this program', async () => {
  await mkdir(join(etc.kept, 'carryover'));
  await writeFile(join(etc.kept, 'carryover', 'enroll'), `# put here by IT\n${story.organization.link}\n`);

  const ran = await lena.agent('schedule', 'install', '--for-everyone');

  assert.match(succeeded(ran), /Each person of this PC is asked/);
  execFileSync('desktop-file-validate', [entry]);
  assert.match(await readFile(entry, 'utf8'), new RegExp(`^Exec="${etc.launcher}" first-desktop$`, 'm'));
});

test('what the entry names opens the restore page, again at the next sign-in, and not once the person decided', async () => {
  const undecided = await openedBy(lena, 'first-desktop');
  await undecided.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  await undecided.close();

  await using asked = await openedBy(lena, 'first-desktop');
  await asked.page.getByRole('button', { name: 'Leave this PC as it is' }).click();
  await asked.page.getByRole('heading', { level: 1, name: 'This PC starts fresh' }).waitFor();
  await asked.close();

  const later = await lena.agent('first-desktop', '--json');
  assert.equal(later.exit, 0, later.stderr);
  assert.deepEqual(jsonOf(later), { did: 'nothing' });
});

test('another person of the same PC is asked for themselves', async () => {
  const jonas = etc.on(await story.device('new-pc'));

  await using asked = await openedBy(jonas, 'first-desktop');

  await asked.page.getByRole('button', { name: 'Sign in', exact: true }).waitFor();
});

test('an administrator takes the entry away again', async () => {
  succeeded(await lena.agent('schedule', 'remove', '--for-everyone'));

  await assert.rejects(readFile(entry, 'utf8'), { code: 'ENOENT' });
});
