/**
 * The admin center without a mouse, on the service as it is, in a real Chromium: from the set-up page to the first device.
 *
 * Only keys are pressed. A dialog keeps the focus, closes with Escape, and gives the focus back to what opened it.
 */

import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type AdminCenter, openAdminCenter } from './testing/admin-center.ts';
import { ADMINISTRATOR } from './testing/administrator.ts';
import { aDevice, type Device } from './testing/device.ts';
import { getsFocus, isFocused, keepsFocus, reach, reachOne } from './testing/keyboard.ts';
import { signsInAs } from './testing/organization.ts';
import { succeeded } from './testing/story.ts';

let center: AdminCenter;
let page: Page;
let device: Device | undefined;
/** As the dialogs of the pages showed them. */
const shown = { password: '', enroll: '' };

before(async () => {
  center = await openAdminCenter({ setUp: false });
  page = center.page;
});
after(async () => {
  await device?.remove();
  await center?.close();
});

const dialog = () => page.getByRole('dialog');
const button = (name: string | RegExp) =>
  page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) });

async function press(role: 'button' | 'link', name: string | RegExp, key = 'Enter'): Promise<void> {
  await reach(page, role, name);
  await page.keyboard.press(key);
}

/** Opens a page by the navigation; its heading takes the focus. */
async function goTo(name: string, title: string): Promise<void> {
  await press('link', name);
  await isFocused(page, title);
}

/** Opens a dialog, finds that the Tab key stays in it, leaves it by Escape and is back where it came from. */
async function turnsBack(opener: string | RegExp): Promise<void> {
  await press('button', opener);
  await dialog().waitFor();
  await keepsFocus(page, dialog());
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  await getsFocus(page, button(opener));
}

test('an organization is set up and its administrator signed in', async () => {
  await page.goto(`${center.service.url}/admin`);
  await isFocused(page, 'No organization yet');
  await press('link', 'Set up an organization');
  await page.locator('input[name="code"]').waitFor();
  for (const [name, value] of Object.entries({
    code: center.service.setupCode ?? '',
    organization: 'Auental County',
    displayName: 'Miriam Adeyemi',
    userPrincipalName: ADMINISTRATOR.name,
    password: ADMINISTRATOR.password,
  })) {
    const field = page.locator(`input[name="${name}"]`);
    // The first field has the focus already.
    if (!(await field.evaluate((one) => one === one.ownerDocument.activeElement))) await reachOne(page, field, name);
    await page.keyboard.type(value);
  }
  await page.keyboard.press('Enter');
  await page.locator('a[href="/admin"]').waitFor();
  await reachOne(page, page.locator('a[href="/admin"]'), 'the way to the admin center');
  await page.keyboard.press('Enter');

  await isFocused(page, 'Sign in to the admin center');
  await press('button', 'Sign in');
  const [userName, password] = [page.locator('input[name="userName"]'), page.locator('input[name="password"]')];
  await getsFocus(page, userName);
  await page.keyboard.type(ADMINISTRATOR.name);
  await page.keyboard.press('Tab');
  await getsFocus(page, password);
  await page.keyboard.type(ADMINISTRATOR.password);
  await page.keyboard.press('Enter');

  await page.getByRole('navigation').getByRole('link', { name: 'People' }).waitFor();
});

test('a person is added, and their one-time password shown', async () => {
  await goTo('People', 'People');
  await turnsBack('Add a person');

  await page.keyboard.press('Enter');
  await getsFocus(page, dialog().getByLabel('Name', { exact: false }).first());
  await page.keyboard.type('Lena Brandt');
  await page.keyboard.press('Tab');
  await page.keyboard.type('lena@auental.example');
  await page.keyboard.press('Enter');
  await dialog().getByText('Lena Brandt can sign in as lena@auental.example').waitFor();
  await keepsFocus(page, dialog());
  shown.password = (await dialog().locator('code').textContent()) ?? '';
  assert.ok(shown.password.length >= 12, shown.password);
  await press('button', 'Close');

  await dialog().waitFor({ state: 'detached' });
  await getsFocus(page, button('Add a person'));
  await page.getByRole('cell', { name: 'lena@auental.example' }).waitFor();
});

test('a file of people is chosen and imported, and their passwords are downloaded', async () => {
  await turnsBack('Import people');

  await page.keyboard.press('Enter');
  await getsFocus(page, dialog().getByLabel('CSV file'));
  // Nobody answers the chooser, which counts as leaving it; the dialog stays.
  await dialog()
    .getByLabel('CSV file')
    .evaluate((field) => field.addEventListener('cancel', () => field.setAttribute('data-left', '')));
  await page.keyboard.press('Enter');
  await dialog().locator('[data-left]').waitFor();
  await getsFocus(page, dialog().getByLabel('CSV file'));
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });

  // Asked for before the dialog opens: the browser takes some time until it hands choosers over.
  const choosing = page.waitForEvent('filechooser');
  await page.keyboard.press('Enter');
  await getsFocus(page, dialog().getByLabel('CSV file'));
  await page.keyboard.press('Enter');
  await (await choosing).setFiles({
    name: 'people.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from('displayName,userPrincipalName\nJonas Okafor,jonas@auental.example\n'),
  });
  await press('button', 'Add 1 person');
  await reach(page, 'link', 'Download as CSV');
  const downloading = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  assert.equal((await downloading).suggestedFilename(), 'carryover-passwords.csv');
  await press('button', 'Close');

  await dialog().waitFor({ state: 'detached' });
  await getsFocus(page, button('Import people'));
});

test('a password is reset', async () => {
  await turnsBack('Reset password of Lena Brandt');

  await page.keyboard.press('Enter');
  await reachOne(page, dialog().getByRole('button', { name: 'Reset password' }), 'the reset');
  await page.keyboard.press('Enter');
  await dialog().getByText('Lena Brandt has a new password').waitFor();
  const before = shown.password;
  shown.password = (await dialog().locator('code').textContent()) ?? '';
  assert.notEqual(shown.password, before);
  await page.keyboard.press('Escape');

  await dialog().waitFor({ state: 'detached' });
  await getsFocus(page, button('Reset password of Lena Brandt'));
});

test('backup is switched on for everyone, after the choice was taken back once', async () => {
  await goTo('Backup policy', 'Backup policy');
  await reach(page, 'radio', 'Off');
  await page.keyboard.press('ArrowDown');
  await page.getByRole('radio', { name: 'On for everyone', checked: true }).waitFor();
  await press('button', 'Discard', 'Space');
  await page.getByRole('radio', { name: 'Off', checked: true }).waitFor();
  await getsFocus(page, page.getByRole('radio', { name: 'Off' }));

  await page.keyboard.press('ArrowDown');
  await press('button', 'Save', 'Space');
  await page.getByText('On now, by Backup, everyone').waitFor();
  await getsFocus(page, button('Save'));
});

test('the restore page is shown, and a token made for two devices', async () => {
  await goTo('Enrollment', 'Windows Backup and Restore');
  await reach(page, 'radio', 'Off');
  await page.keyboard.press('ArrowDown');
  await press('button', 'Save');
  await page.getByText('Saved.').waitFor();

  await turnsBack('Create a token');
  await page.keyboard.press('Enter');
  await getsFocus(page, dialog().getByLabel('Valid for'));
  await page.keyboard.press('ArrowDown');
  await reach(page, 'spinbutton', 'For how many devices');
  await page.keyboard.press('ArrowUp');
  await reachOne(page, dialog().getByRole('button', { name: 'Create a token' }), 'the making');
  await page.keyboard.press('Enter');
  await dialog()
    .getByText(/It works for 2 devices/)
    .waitFor();
  shown.enroll = /'(.+)'/.exec((await dialog().locator('code').textContent()) ?? '')?.[1] ?? '';
  await press('button', 'Close');
  await dialog().waitFor({ state: 'detached' });
  await getsFocus(page, button('Create a token'));
});

test('a device in the list is found, opened and left, and the focus goes along', async () => {
  const home = join(center.folder, 'lena');
  await mkdir(home);
  const person = { userPrincipalName: 'lena@auental.example', displayName: 'Lena Brandt', password: shown.password };
  const facts = { CARRYOVER_DEVICE_NAME: 'AUE-LT-0417', CARRYOVER_MACHINE_ID: 'of the keyboard story' };
  device = await aDevice({ name: 'AUE-LT-0417', env: { ...(await signsInAs(person, home)), ...facts } });
  succeeded(await device.agent('enroll', shown.enroll));

  await goTo('Devices', 'Devices');
  await reach(page, 'searchbox', 'Name of device or person');
  await page.keyboard.type('0417');
  // Asked for when the list before is gone: its link would go with it.
  const asked = page.waitForRequest(/managedDevices\?.*0417/);
  await page.keyboard.press('Enter');
  await asked;
  await page.waitForURL(/search=0417/);
  await press('link', 'AUE-LT-0417');
  const pane = page.getByRole('complementary', { name: 'AUE-LT-0417' });
  await getsFocus(page, pane.getByRole('heading', { level: 2 }));
  await press('button', 'Close');
  await pane.waitFor({ state: 'detached' });
  await getsFocus(page, page.getByRole('link', { name: 'AUE-LT-0417' }));

  await reach(page, 'searchbox', 'Name of device or person');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('nothing like it');
  await page.keyboard.press('Enter');
  await page.getByText('No device matches: nothing like it').waitFor();
  await press('button', 'Clear filters');
  await page.getByRole('link', { name: 'AUE-LT-0417' }).waitFor();
});

test('a token is taken back, and the focus is at the tokens when its row is gone', async () => {
  await goTo('Enrollment', 'Windows Backup and Restore');
  await turnsBack(/^Revoke token/);
  await page.keyboard.press('Enter');
  await reachOne(page, dialog().getByRole('button', { name: 'Revoke' }), 'the revoking');
  await page.keyboard.press('Enter');

  await page.getByText('No token works now.').waitFor();
  await dialog().waitFor({ state: 'detached' });
  await getsFocus(page, page.getByRole('heading', { level: 2, name: 'Enrollment tokens' }));
});
