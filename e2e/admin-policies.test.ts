/**
 * Policies in the admin center on the service as it is, in a real Chromium: one is made step by step with settings found
 * by a search, created after its effect was shown, changed by two at once, made of OMA-URIs, and deleted.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type AdminCenter, openAdminCenter } from './testing/admin-center.ts';
import { getsFocus } from './testing/keyboard.ts';
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
/** Of all policies; the heading of one names this page, too. */
const listIsOpen = () => page.getByRole('heading', { level: 1, name: 'Backup policy', exact: true }).waitFor();
const preview = () => page.getByRole('region', { name: 'Before you save' });
const row = (name: string) => page.getByRole('group', { name, exact: true });

async function add(words: string, name: string): Promise<void> {
  await page.getByLabel('Words of its name, what it does, or its id').fill(words);
  await button(`Add ${name}`).click();
  await row(name).waitFor();
}

const next = () => button('Next').click();
const step = (name: string) => page.getByRole('heading', { level: 2, name });
const steps = () => page.getByRole('navigation', { name: 'Steps' });

test('a policy is made step by step, and its effect is shown before it is created', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Backup policy' }).click();
  await listIsOpen();
  await page.getByText('There is no policy yet.').waitFor();
  await button('Create a policy').click();
  await heading('Create a policy').waitFor();
  await next();
  await page.getByText('Give the policy a name.').waitFor();
  await checkPage(page, 'admin-policy-new-basics');
  await page.getByRole('textbox', { name: 'Name' }).fill('Backup, all staff');
  await next();

  await step('Settings').waitFor();
  await add('enable windows backup', 'Enable Windows Backup');
  await add('passwords', 'Do not sync passwords');
  await add('backupintervaldays', 'Back up every');
  await row('Back up every').getByLabel('Days').fill('61');
  await page.getByText('BackupIntervalDays: allowed is a whole number of days from 1 to 60.').waitFor();
  assert.equal(await steps().getByRole('button', { name: 'Assignments' }).isDisabled(), true);
  await next();
  await step('Settings').waitFor();
  await row('Back up every').getByLabel('Days').fill('4');
  await row('Do not sync passwords').getByLabel('State').selectOption({ label: 'Off, people may turn it on' });
  await checkPage(page, 'admin-policy-new-settings');
  await next();

  await step('Assignments').waitFor();
  await page.getByText('Reaches nobody yet').waitFor();
  await page.getByLabel('Everybody').check();
  await button('Back').click();
  assert.equal(await row('Back up every').getByLabel('Days').inputValue(), '4', 'nothing typed is lost');
  await steps().getByRole('button', { name: 'Assignments' }).click();
  assert.equal(await page.getByLabel('Everybody').isChecked(), true);
  await next();

  await step('Review and create').waitFor();
  await preview().getByText('Changes nothing for the 0 devices.').waitFor();
  await page.getByRole('region', { name: 'Settings' }).getByText('Off, people may turn it on').waitFor();
  // Only then nothing on the page changes any more by itself.
  await page.getByRole('button', { name: 'Create', exact: true, disabled: false }).waitFor();
  await checkPage(page, 'admin-policy-new-review');
  await button('Create').click();
  await heading('Backup, all staff').waitFor();
  assert.match(page.url(), /\/admin\/policies\/[0-9a-f-]{36}\?kind=catalog$/);
  await checkPage(page, 'admin-policy');
});

test('leaving half way asks, and staying keeps what was typed', async () => {
  await page.getByRole('group', { name: 'Back up every' }).getByLabel('Days').fill('5');
  await page.getByRole('navigation').getByRole('link', { name: 'Devices' }).click();
  const question = page.getByRole('dialog', { name: 'Leave without saving?' });
  await question.waitFor();
  await checkPage(page, 'admin-policy-leave');
  await question.getByRole('button', { name: 'Stay here' }).click();
  assert.equal(await row('Back up every').getByLabel('Days').inputValue(), '5');
  await button('Discard').click();

  await page.getByRole('navigation', { name: 'On this page' }).getByRole('link', { name: 'History' }).focus();
  await page.keyboard.press('Enter');
  await getsFocus(page, page.getByRole('heading', { level: 2, name: 'History' }));
});

test('of two who change a policy the second sees who was first and what differs, and chooses', async () => {
  const other = await center.context.newPage();
  await other.goto(page.url());
  await other.getByRole('heading', { level: 1, name: 'Backup, all staff' }).waitFor();
  await row('Back up every').getByLabel('Days').fill('6');
  await button('Save 1 change').click();
  await button('Save 0 changes').waitFor();
  const days = () => other.getByRole('group', { name: 'Back up every' }).getByLabel('Days');
  const conflict = other.getByRole('region', { name: /^Miriam Adeyemi changed this policy on / });
  const press = (name: string) => other.getByRole('button', { name, exact: true }).click();

  await days().fill('12');
  await other.getByRole('textbox', { name: 'Description' }).fill('For everyone');
  await press('Save 2 changes');
  await conflict.getByRole('row', { name: /Back up every Both changed it 4 6 12/ }).waitFor();
  await checkPage(other, 'admin-policy-conflict');
  await press('Load what is stored');
  const mine = other.getByRole('region', { name: 'Yours, not saved' });
  await mine.getByRole('row', { name: /Back up every 6 12/ }).waitFor();
  assert.equal(await days().inputValue(), '6');
  await checkPage(other, 'admin-policy-mine');
  await press('Use mine: Description');
  await press('Save 1 change');
  await mine.waitFor({ state: 'detached' });
  assert.equal(await other.getByRole('textbox', { name: 'Description' }).inputValue(), 'For everyone');

  await row('Back up every').getByLabel('Days').fill('7');
  await button('Save 1 change').click();
  await button('Save mine over it').click();
  await button('Save 0 changes').waitFor();
  await other.reload();
  await days().waitFor();
  assert.equal(await days().inputValue(), '7');
  assert.equal(await other.getByRole('textbox', { name: 'Description' }).inputValue(), '', 'saved over, as was said');
  await other.close();
});

test('a custom policy is made of OMA-URIs: known in words, unknown kept, a wrong value told at its row', async () => {
  await page.getByRole('navigation').getByRole('link', { name: 'Backup policy' }).click();
  await page.getByRole('row', { name: /Backup, all staff Settings catalog Assigned None 3/ }).waitFor();
  await page.getByText('On now, by Backup, all staff').waitFor();
  await checkPage(page, 'admin-policy-list');
  await button('Create a policy').click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Baseline');
  await page.getByLabel('Custom: give OMA-URIs yourself').check();
  await next();
  await page.getByLabel('Begin with').selectOption('Do not sync passwords');
  await button('Add a setting').click();
  const passwords = row('Do not sync passwords');
  await passwords.getByText('This is Do not sync passwords: Off, locked').waitFor();
  await button('Add a setting').click();
  const unknown = row('Setting 2');
  await unknown.getByLabel('OMA-URI').fill('./Device/Vendor/Other/Number');
  await unknown.getByText('Not known here.', { exact: false }).waitFor();
  await unknown.getByLabel('Data type').selectOption('Integer');
  await unknown.getByLabel('Value').fill('many');
  await unknown.getByText('omaSettings[1].value: It is a whole number', { exact: false }).waitFor();
  await checkPage(page, 'admin-policy-custom');
  await next();
  await step('Settings').waitFor();
  await unknown.getByLabel('Value').fill('3');
  await unknown.getByText('omaSettings[1]', { exact: false }).waitFor({ state: 'detached' });
  await next();
  await step('Assignments').waitFor();
  await next();
  await button('Create').click();

  await heading('Baseline').waitFor();
  await row('Setting 2').getByLabel('Value').fill('4');
  await button('Save 1 change').click();
  await button('Save 0 changes').waitFor();
  await page.reload();
  assert.equal(await row('Setting 2').getByLabel('Value').inputValue(), '4');
  await button('Delete policy').click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete policy' }).click();
  await listIsOpen();
  await page.getByRole('link', { name: 'Backup, all staff' }).click();
  await heading('Backup, all staff').waitFor();
});

test('a setting that is removed is no longer configured, and a policy is deleted after a question', async () => {
  await button('Remove Back up every').click();
  await row('Back up every').waitFor({ state: 'detached' });
  await button('Save 1 change').click();
  await button('Save 0 changes').waitFor();
  assert.equal(await row('Back up every').count(), 0);
  await page.getByRole('region', { name: 'History' }).getByText('Back up every: Not configured. Was: 7.').waitFor();

  await button('Delete policy').click();
  await page.getByRole('dialog').getByText('What is backed up stays.', { exact: false }).waitFor();
  await checkPage(page, 'admin-policy-delete');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete policy' }).click();
  await listIsOpen();
  await page.getByText('There is no policy yet.').waitFor();
  assert.deepEqual(center.faults, []);
});
