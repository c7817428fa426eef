/**
 * The pages of the admin center on the service as it is, in a real Chromium: a person is added and found, a file of people
 * imported, backup and restore page switched on, a token made and taken back.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type AdminCenter, openAdminCenter } from './testing/admin-center.ts';
import { ADMINISTRATOR } from './testing/administrator.ts';
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

const open = async (name: string, title: string) => {
  await page.getByRole('navigation').getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name: title }).waitFor();
};
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');

test('a person is added with a password shown once, and found by a search in the address', async () => {
  await open('People', 'People');
  await button('Add a person').click();
  await dialog().waitFor();
  await checkPage(page, 'admin-people-add');
  await dialog().getByLabel('Name', { exact: false }).first().fill('Lena Brandt');
  await dialog().getByLabel('User name').fill('lena@auental.example');
  await dialog().getByRole('button', { name: 'Add a person' }).click();
  await dialog().getByText('Lena Brandt can sign in as lena@auental.example').waitFor();
  await checkPage(page, 'admin-people-added');
  await dialog().getByRole('button', { name: 'Close' }).click();

  await page.getByLabel('Name or user name').fill('lena');
  await page.getByLabel('Name or user name').press('Enter');
  await page.waitForURL(/search=lena/);
  await page.getByRole('cell', { name: 'lena@auental.example' }).waitFor();
  await page.getByRole('cell', { name: ADMINISTRATOR.name }).waitFor({ state: 'detached' });
  await checkPage(page, 'admin-people');
});

test('a file of people is shown before it is sent, and a name that is taken is told by its line', async () => {
  await button('Import people').click();
  const csv = (text: string) => ({ name: 'p.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const head = 'displayName,userPrincipalName\n';
  await dialog()
    .getByLabel('CSV file')
    .setInputFiles(csv(`${head}Lena,lena@auental.example\n`));
  await dialog().getByRole('button', { name: 'Add 1 person' }).click();
  await dialog().getByText('Line 2: There is an account named lena@auental.example already.').waitFor();
  await checkPage(page, 'admin-people-import');

  await dialog()
    .getByLabel('CSV file')
    .setInputFiles(csv(`${head}Jonas Okafor,jonas@auental.example\n`));
  await dialog().getByRole('button', { name: 'Add 1 person' }).click();
  await dialog().getByRole('link', { name: 'Download as CSV' }).waitFor();
  await checkPage(page, 'admin-people-imported');
  const downloading = page.waitForEvent('download');
  await dialog().getByRole('link', { name: 'Download as CSV' }).click();
  assert.equal((await downloading).suggestedFilename(), 'carryover-passwords.csv');
  await dialog().getByRole('button', { name: 'Close' }).click();
});

test('backup is switched on for everyone after the page said what that does', async () => {
  await open('Backup policy', 'Backup policy');
  await page.getByRole('radio', { name: 'On for everyone' }).check();
  await page.getByText('Assigned to all devices, also to those that enroll later.').waitFor();
  await button('Save').click();

  await page.getByText('On now, by Backup, everyone').waitFor();
  await checkPage(page, 'admin-policy');
});

test('the restore page is switched on, a token made, shown once and taken back', async () => {
  await open('Enrollment', 'Windows Backup and Restore');
  await page.getByRole('radio', { name: 'On for everyone' }).check();
  await button('Save').first().click();
  await page.getByText('Saved.').waitFor();

  await button('Create a token').click();
  await dialog().waitFor();
  await checkPage(page, 'admin-token');
  await dialog().getByRole('button', { name: 'Create a token' }).click();
  await dialog().getByText(`carryover enroll '${center.service.url}/enroll/`).waitFor();
  await checkPage(page, 'admin-token-made');
  await dialog().getByRole('button', { name: 'Close' }).click();
  await dialog().waitFor({ state: 'detached' });
  await page.getByRole('button', { name: /^Revoke token/ }).waitFor();
  await checkPage(page, 'admin-enrollment');
  await page.getByRole('button', { name: /^Revoke token/ }).click();
  await dialog().waitFor();
  await checkPage(page, 'admin-token-revoke');
  await dialog().getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('No token works now.').waitFor();
});

test('without devices the list says what to do next', async () => {
  await open('Devices', 'Devices');
  await page.getByText('No device is enrolled yet').waitFor();
  await checkPage(page, 'admin-devices');

  assert.deepEqual(center.faults, []);
});
