/**
 * A PC that is too old, whose organization lets it install quality updates: a press of the page's button, and the page goes
 * on to the backups by itself; or, where a restart is needed, when it is opened after that.
 *
 * The service, the commands and the windows are real; PackageKit is a program that makes of this PC what updates would.
 */

import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { standInPkcon } from '../agent/testing/stand-in-pkcon.ts';
import { typeSignIn } from './testing/administrator.ts';
import { openedBy } from './testing/agent-window.ts';
import { type ChangedEtc, changedEtc } from './testing/changed-etc.ts';
import { ALL_DEVICES, CUSTOM_POLICIES, graphScript } from './testing/graph-script.ts';
import { aStory, type Story, succeeded } from './testing/story.ts';

const osRelease = (version: string) =>
  `ID=debian\nVERSION_ID="${version}"\nPRETTY_NAME="Debian GNU/Linux ${version}"\n`;
const NEEDS_A_RESTART = 'Please restart the computer to complete the update.';

let story: Story;
let etc: ChangedEtc;
let programs: string;

before(async () => {
  story = await aStory();
  succeeded(await (await story.enrolled('old-pc')).agent('backup'));
  etc = await changedEtc(story.folder);
  programs = join(story.folder, 'programs');
  await mkdir(programs);
  await writeFile(join(story.folder, 'newer'), osRelease('12'));
  const script = await graphScript(story);
  const { id } = await script.post(CUSTOM_POLICIES, {
    '@odata.type': '#microsoft.graph.windows10CustomConfiguration',
    displayName: 'Quality updates',
    omaSettings: [
      {
        '@odata.type': '#microsoft.graph.omaSettingBoolean',
        displayName: 'Install quality updates',
        omaUri: './Device/Vendor/Carryover/Policy/Config/InstallQualityUpdates',
        value: true,
      },
    ],
  });
  await script.assign(`${CUSTOM_POLICIES}/${id}`, ALL_DEVICES);
});
after(() => story?.remove());

/** A new PC that is too old, whose `setup` opens its window. */
async function setUpTooOld(name: string) {
  await writeFile(join(etc.kept, 'os-release'), osRelease('11'));
  const device = etc.on(await story.device(name, { env: { PATH: `${programs}:/usr/local/bin:/usr/bin:/bin` } }));
  return { device, window: await openedBy(device, 'setup', story.organization.link) };
}

async function signIn(page: Page): Promise<void> {
  const { userPrincipalName, password } = await story.signInOf();
  await page.getByRole('button', { name: 'Sign in' }).click();
  await typeSignIn(page, { name: userPrincipalName, password });
}

test('a press of the button installs what waits, and the page goes on to the backups by itself', async () => {
  const newer = join(story.folder, 'newer');
  const { asked } = standInPkcon(programs, {
    refresh: { exit: 0 },
    'get-updates': { exit: 0 },
    update: { exit: 0, also: `cp '${newer}' /etc/os-release` },
  });
  const { window } = await setUpTooOld('new-pc');
  await using _ = window;
  await signIn(window.page);
  await window.page.getByRole('heading', { name: "This PC can't restore" }).waitFor();

  await window.page.getByRole('button', { name: 'Install quality updates' }).click();

  await window.page.getByRole('radio', { name: /old-pc/ }).waitFor();
  assert.deepEqual(
    asked().map((line) => line.split(' ').at(-1)),
    ['refresh', 'get-updates', 'update'],
  );
});

test('where a restart is needed the page says so, and looks again by itself when it is opened after it', async () => {
  standInPkcon(programs, {
    refresh: { exit: 0 },
    'get-updates': { exit: 0 },
    update: { exit: 0, says: NEEDS_A_RESTART },
  });
  const { device, window } = await setUpTooOld('restarted-pc');
  {
    await using _ = window;
    await signIn(window.page);
    await window.page.getByRole('button', { name: 'Install quality updates' }).click();
    await window.page.getByText('Restart this PC, then open this page again.').waitFor();
    await window.close();
  }

  await writeFile(join(etc.kept, 'os-release'), osRelease('12'));
  await using again = await openedBy(device, 'setup', story.organization.link);
  await again.page.getByRole('radio', { name: /old-pc/ }).waitFor();
});
