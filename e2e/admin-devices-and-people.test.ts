/**
 * What an administrator does to people's roles and to devices, on the service as it is, in a real Chromium: a role is given
 * and taken, the last Global Administrator stays, and a lost device is retired and refused from then on.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { SignInPlace } from '../model/src/admin.ts';
import { type AdminCenter, openAdminCenter } from './testing/admin-center.ts';
import { ADMINISTRATOR } from './testing/administrator.ts';
import { aDevice, type Device } from './testing/device.ts';
import { signsInAs } from './testing/organization.ts';
import { checkPage } from './testing/page-checks.ts';
import { succeeded } from './testing/story.ts';

const NAME = 'AUE-LT-0417';

let center: AdminCenter;
let page: Page;
let device: Device | undefined;

before(async () => {
  center = await openAdminCenter();
  page = center.page;
});
after(async () => {
  await device?.remove();
  await center?.close();
});

const open = async (name: string) => {
  await page.getByRole('navigation').getByRole('link', { name }).click();
  await page.getByRole('heading', { level: 1, name }).waitFor();
};
const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');

test('a role is given by user name and taken away, and the last Global Administrator stays', async () => {
  await open('People');
  await button('Roles').click();
  await page.getByRole('cell', { name: 'Global Reader', exact: true }).waitFor();
  await checkPage(page, 'admin-roles');

  await button('Give a role').click();
  await dialog().getByLabel('Role').selectOption('Global Reader');
  await dialog().getByLabel('User name').fill('nobody@auental.example');
  await dialog().getByRole('button', { name: 'Give role' }).click();
  await dialog().getByText('Nobody has this user name.').waitFor();
  await checkPage(page, 'admin-role-give');
  await dialog().getByLabel('User name').fill(ADMINISTRATOR.name);
  await dialog().getByLabel('User name').press('Enter');
  await dialog().waitFor({ state: 'detached' });

  await button('Take away: Global Reader, Miriam Adeyemi').click();
  await dialog().getByRole('button', { name: 'Take role away' }).click();
  await dialog().waitFor({ state: 'detached' });
  await button('Take away: Global Reader, Miriam Adeyemi').waitFor({ state: 'detached' });

  await button('Take away: Global Administrator, Miriam Adeyemi').click();
  await dialog().getByRole('button', { name: 'Take role away' }).click();
  await dialog().getByText('The last Global Administrator stays.').waitFor();
  await checkPage(page, 'admin-role-take');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
});

test('a lost device is retired after the page said what stays, and leaves the list', async () => {
  const found = await fetch(`${center.service.url}/admin/organization?domain=auental.example`);
  const { enrollmentLink } = (await found.json()) as SignInPlace;
  const who = {
    userPrincipalName: ADMINISTRATOR.name,
    displayName: 'Miriam Adeyemi',
    password: ADMINISTRATOR.password,
  };
  const env = { CARRYOVER_DEVICE_NAME: NAME, CARRYOVER_MACHINE_ID: NAME };
  device = await aDevice({ name: NAME, env: { ...(await signsInAs(who, center.folder)), ...env } });
  succeeded(await device.agent('enroll', enrollmentLink));

  await open('Devices');
  await page.getByRole('link', { name: NAME }).click();
  await button('Retire').waitFor();
  await checkPage(page, 'admin-device');
  await button('Retire').click();
  await dialog().getByText('The backups of its people stay', { exact: false }).waitFor();
  await checkPage(page, 'admin-device-retire');
  await dialog().getByRole('button', { name: 'Retire this device' }).click();

  await page.getByText('No device is enrolled yet').waitFor();
  const { exit } = await device.agent('backup');
  assert.notEqual(exit, 0, 'a retired device is refused');
});
