/**
 * The person's whole way without a terminal, on real parts: backs up on the settings page of the old device, sets the new
 * one up on the restore page, and finds the settings there at the first desktop. Every page is in the window that the
 * agent opens, a real Chromium; what is on the devices is read by dconf.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { openedBy } from './testing/agent-window.ts';
import type { Device } from './testing/device.ts';
import { aStory, type Story, succeeded } from './testing/story.ts';

const INTERFACE = 'org.gnome.desktop.interface';

let story: Story;
let old: Device;

before(async () => {
  story = await aStory();
  old = await story.enrolled('old-pc');
  await old.must('gsettings', ['set', INTERFACE, 'cursor-size', '32']);
  await old.must('gsettings', ['set', INTERFACE, 'color-scheme', 'prefer-dark']);
});
after(() => story.remove());

/** What the person types at the organization's sign-in. */
async function signIn(page: Page): Promise<void> {
  const { userPrincipalName, password } = await story.signInOf();
  await page.getByLabel('User name').fill(userPrincipalName);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('on the settings page the person switches a category off and backs up', async () => {
  const window = await openedBy(old, 'settings');
  const { page } = window;

  await page.getByRole('heading', { name: 'Not backed up yet' }).waitFor();
  const language = page.getByRole('switch', { name: 'Language preferences and dictionary' });
  await language.click();
  await page.getByRole('switch', { name: 'Language preferences and dictionary', checked: false }).waitFor();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByRole('heading', { name: "You're backed up" }).waitFor();

  assert.equal((await window.close()).exit, 0);
  const { stdout } = await old.agent('remember', '--json');
  const { categories } = JSON.parse(stdout) as { categories: { category: string; on: boolean }[] };
  assert.deepEqual(
    categories.filter(({ on }) => !on).map(({ category }) => category),
    ['language'],
  );
});

test('a new device is set up on the restore page, and gets its settings at the first desktop', async () => {
  const fresh = await story.device('new-pc');
  const setup = await openedBy(fresh, 'setup', story.organization.link);
  const { page } = setup;

  await page.getByRole('button', { name: 'Sign in' }).click();
  await signIn(page);
  await page.getByRole('radio', { name: /old-pc/ }).waitFor();
  assert.doesNotMatch(await fresh.dconfDump(), /cursor-size/);
  await page.getByRole('button', { name: 'Continue' }).click();
  const decided = await setup.ended;

  assert.equal(decided.exit, 0, decided.stderr);
  assert.doesNotMatch(await fresh.dconfDump(), /cursor-size/, 'nothing is applied before the desktop');

  const desktop = await openedBy(fresh, 'first-desktop');
  await desktop.page.getByRole('heading', { name: /Welcome back/ }).waitFor();
  await desktop.close();

  const dump = await fresh.dconfDump();
  assert.match(dump, /cursor-size=32/);
  assert.match(dump, /color-scheme='prefer-dark'/);
  succeeded(await fresh.agent('status'));
});

test('on the settings page the person takes the restore back and sees what happened', async () => {
  const fresh = await story.device('undo-pc');
  const setup = await openedBy(fresh, 'setup', story.organization.link);
  await setup.page.getByRole('button', { name: 'Sign in' }).click();
  await signIn(setup.page);
  await setup.page.getByRole('radio', { name: /old-pc/ }).waitFor();
  await setup.page.getByRole('button', { name: 'Continue' }).click();
  await setup.ended;
  succeeded(await fresh.agent('first-desktop', '--no-window'));
  assert.match(await fresh.dconfDump(), /cursor-size=32/);

  const window = await openedBy(fresh, 'settings');
  const { page } = window;
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText(/settings? (is|are) back/).waitFor();
  await page.getByRole('link', { name: 'What happened' }).click();
  await page.getByText('Took a restore back').waitFor();
  await page.getByText('Restored from old-pc').waitFor();
  await window.close();

  assert.doesNotMatch(await fresh.dconfDump(), /cursor-size/);
});
