/**
 * Policies in the admin center on the service as it is, in a real Chromium: one is made with settings found by a search,
 * assigned after its effect was shown, changed, found changed by somebody else, and deleted.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type AdminCenter, openAdminCenter } from './testing/admin-center.ts';
import { checkPage } from './testing/page-checks.ts';

let center: AdminCenter;
let page: Page;

before(async () => {
  center = await openAdminCenter();
  page = center.page;
});
after(async () => {
  await center?.close();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const preview = () => page.getByRole('region', { name: 'Before you save' });
const row = (name: string) => page.getByRole('group', { name, exact: true });

async function add(words: string, name: string): Promise<void> {
  await page.getByLabel('Words of its name, what it does, or its id').fill(words);
  await button(`Add ${name}`).click();
  await row(name).waitFor();
}

test('a policy is made from settings found by their words, and its effect is shown before it is saved', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Backup policy' }).click();
  await heading('Backup policy').waitFor();
  await page.getByText('There is no policy yet.').waitFor();
  await button('Create a policy').click();
  await heading('Create a policy').waitFor();
  await page.getByText('Give the policy a name.').waitFor();

  await page.getByLabel('Name', { exact: false }).first().fill('Backup, all staff');
  await add('enable windows backup', 'Enable Windows Backup');
  await add('passwords', 'Do not sync passwords');
  await add('backupintervaldays', 'Back up every');
  await row('Back up every').getByLabel('Days').fill('61');
  await page.getByText('BackupIntervalDays: allowed is a whole number of days from 1 to 60.').waitFor();
  assert.equal(await button(/^Save/).isDisabled(), true);
  await row('Back up every').getByLabel('Days').fill('4');
  await row('Do not sync passwords').getByLabel('State').selectOption({ label: 'Off, people may turn it on' });
  await page.getByText('Reaches nobody yet').waitFor();
  await page.getByLabel('Everybody').check();
  await preview().getByText('Changes nothing for the 0 devices.').waitFor();
  await checkPage(page, 'admin-policy-new');

  await button('Save 5 changes').click();
  await heading('Backup, all staff').waitFor();
  assert.match(page.url(), /\/admin\/policies\/[0-9a-f-]{36}\?kind=catalog$/);
});

test('it is in the list, opens with what it says, and is changed in two places at once only by the first', async () => {
  const other = await center.context.newPage();
  await other.goto(page.url());
  await other.getByRole('heading', { level: 1, name: 'Backup, all staff' }).waitFor();

  await row('Back up every').getByLabel('Days').fill('6');
  await button('Save 1 change').click();
  await button('Save 0 changes').waitFor();
  assert.equal(await row('Back up every').getByLabel('Days').inputValue(), '6');

  await other.getByRole('group', { name: 'Back up every' }).getByLabel('Days').fill('12');
  await other.getByRole('button', { name: 'Save 1 change' }).click();
  await other.getByText('Somebody else changed this while you had it open.').waitFor();
  await checkPage(other, 'admin-policy-conflict');
  await other.getByRole('button', { name: 'Look again' }).click();
  await other.getByRole('button', { name: 'Save 0 changes' }).waitFor();
  assert.equal(await other.getByRole('group', { name: 'Back up every' }).getByLabel('Days').inputValue(), '6');
  await other.close();

  await page.getByRole('navigation').getByRole('link', { name: 'Backup policy' }).click();
  await page.getByRole('row', { name: /Backup, all staff Settings catalog Assigned 3/ }).waitFor();
  await page.getByText('On now, by Backup, all staff').waitFor();
  await checkPage(page, 'admin-policy-list');
  await page.getByRole('link', { name: 'Backup, all staff' }).click();
  await heading('Backup, all staff').waitFor();
  assert.equal(await row('Do not sync passwords').getByLabel('State').inputValue(), 'off', 'as it was saved');
});

test('a setting that is removed is no longer configured, and a policy is deleted after a question', async () => {
  await button('Remove Back up every').click();
  await row('Back up every').waitFor({ state: 'detached' });
  await button('Save 1 change').click();
  await button('Save 0 changes').waitFor();
  assert.equal(await row('Back up every').count(), 0);
  await page.getByRole('region', { name: 'History' }).getByText('Back up every: Not configured. Was: 6.').waitFor();

  await button('Delete policy').click();
  await page.getByRole('dialog').getByText('What is backed up stays.', { exact: false }).waitFor();
  await checkPage(page, 'admin-policy-delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete policy' }).click();
  await heading('Backup policy').waitFor();
  await page.getByText('There is no policy yet.').waitFor();
  assert.deepEqual(center.faults, []);
});
