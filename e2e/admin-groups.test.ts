/**
 * Groups in the admin center on the service as it is, in a real Chromium: an assigned one is filled with a person, one is
 * made by a rule, a policy is aimed at the first and leaves out the second, and a device shows whom the policy reaches.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import type { SignInPlace } from '../model/src/admin.ts';
import { type AdminCenter, openAdminCenter } from './testing/admin-center.ts';
import { ADMINISTRATOR } from './testing/administrator.ts';
import { aDevice, type Device } from './testing/device.ts';
import { signsInAs } from './testing/organization.ts';
import { checkPage, stopsByTab } from './testing/page-checks.ts';
import { succeeded } from './testing/story.ts';

const DEVICE = 'AUE-LT-0417';

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

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { level: 1, name });
/** The heading of a group or policy names the list that it lies under, too. */
const listIsOpen = (name: string) => page.getByRole('heading', { level: 1, name, exact: true }).waitFor();
const dialog = () => page.getByRole('dialog');
const ruleOf = (place: Page | Locator) => place.getByRole('textbox', { name: 'Rule' });
const name = (place: Page | Locator) => place.getByLabel('Name', { exact: false }).first();

async function open(place: string): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: place }).click();
  await listIsOpen(place);
}

async function openGroups(): Promise<void> {
  await open('People');
  await button('Groups').click();
  await listIsOpen('Groups');
}

async function openDevice(): Promise<Locator> {
  await open('Devices');
  await page.getByRole('link', { name: DEVICE }).click();
  const pane = page.getByRole('complementary', { name: DEVICE });
  await pane.getByText('Policies that apply').waitFor();
  return pane;
}

test('an assigned group is made and a person is put into it', async () => {
  await openGroups();
  await page.getByText('A group says whom something reaches', { exact: false }).waitFor();
  await checkPage(page, 'admin-groups-none');

  await button('Create a group').click();
  await dialog().getByRole('button', { name: 'Create group' }).click();
  await dialog().getByText('Give the group a name.').waitFor();
  await name(dialog()).fill('Pilots');
  await dialog().getByLabel('Description').fill('First to get what is new');
  await dialog().getByRole('button', { name: 'Create group' }).click();
  await heading('Pilots').waitFor();
  await page.getByText('Nobody is in it yet.', { exact: false }).waitFor();

  await button('Add members').click();
  await dialog().getByLabel('Name of a person or device').fill('nobody at all');
  await dialog().getByText('No person and no device with this name.').waitFor();
  await dialog().getByLabel('Name of a person or device').fill('miriam');
  await checkPage(page, 'admin-group-add');
  await dialog().getByRole('button', { name: 'Add Miriam Adeyemi' }).click();
  await dialog().getByRole('button', { name: 'Miriam Adeyemi is in the group' }).waitFor();
  await dialog().getByRole('button', { name: 'Close' }).click();
  await page.getByRole('row', { name: `Miriam Adeyemi Person ${ADMINISTRATOR.name}` }).waitFor();
  await checkPage(page, 'admin-group-assigned');
  const stops = await stopsByTab(page);
  for (const stop of ['button "Delete group"', 'button "Add members"', 'button "Remove Miriam Adeyemi"'])
    assert.ok(stops.includes(stop), `${stop} is not among ${stops.join(', ')}`);
});

test('a rule that is wrong is told beside the field and mended there, and the group opens with whom it holds for', async () => {
  const found = await fetch(`${center.service.url}/admin/organization?domain=auental.example`);
  const { enrollmentLink } = (await found.json()) as SignInPlace;
  const who = {
    userPrincipalName: ADMINISTRATOR.name,
    displayName: 'Miriam Adeyemi',
    password: ADMINISTRATOR.password,
  };
  const env = { CARRYOVER_DEVICE_NAME: DEVICE, CARRYOVER_MACHINE_ID: DEVICE };
  device = await aDevice({ name: DEVICE, env: { ...(await signsInAs(who, center.folder)), ...env } });
  succeeded(await device.agent('enroll', enrollmentLink));

  await button('All groups').click();
  await button('Create a group').click();
  await name(dialog()).fill('Kiosks');
  await dialog().getByLabel('Whoever a rule holds for').check();
  const rule = ruleOf(dialog());
  await rule.fill('device.displayName startWith "AUE-KIOSK"');
  await dialog().getByRole('button', { name: 'Create group' }).click();
  await dialog().getByText('membershipRule, character 20: expected one of -eq', { exact: false }).waitFor();
  await checkPage(page, 'admin-group-rule');
  assert.equal(await name(dialog()).inputValue(), 'Kiosks');
  assert.equal(await rule.inputValue(), 'device.displayName startWith "AUE-KIOSK"');
  await rule.fill('device.displayName -startsWith "AUE-KIOSK"');
  await dialog().getByRole('button', { name: 'Create group' }).click();

  await heading('Kiosks').waitFor();
  await page.getByText('The rule holds for nobody now.').waitFor();
  await button('All groups').click();
  await page.getByRole('row', { name: 'Kiosks By rule, devices 0 members' }).waitFor();
  await page.getByRole('row', { name: 'Pilots First to get what is new Assigned 1 member' }).waitFor();
  await checkPage(page, 'admin-groups');
  await page.getByLabel('Name of the group').fill('pil');
  await button('Search').click();
  await page.getByRole('link', { name: 'Kiosks' }).waitFor({ state: 'detached' });
  assert.match(page.url(), /\/admin\/people\/groups\?search=pil$/);
});

test('a policy that is aimed at one group and leaves out the other reaches a device of the first', async () => {
  await open('Backup policy');
  await button('Create a policy').click();
  await name(page).fill('Backup, pilots');
  await button('Next').click();
  await page.getByLabel('Words of its name, what it does, or its id').fill('enable windows backup');
  await button('Add Enable Windows Backup').click();
  await button('Next').click();
  await page.getByLabel('Name of the group').fill('pilots');
  await button('Include Pilots').click();
  await page.getByLabel('Name of the group').fill('kiosks');
  await button('Leave out Kiosks').click();
  await button('Next').click();
  await page.getByText('Reaches 1 of 1 devices.').waitFor();
  await button('Create').click();
  await heading('Backup, pilots').waitFor();
  await page.getByRole('row', { name: /^Pilots Included/ }).waitFor();
  await page.getByRole('row', { name: /^Kiosks Left out/ }).waitFor();

  const pane = await openDevice();
  await pane.getByText('"Backup, pilots" (service)', { exact: false }).waitFor();
});

test('a changed rule takes the device out of the policy, but not when somebody else changed the group meanwhile', async () => {
  await openGroups();
  await page.getByRole('link', { name: 'Kiosks' }).click();
  await heading('Kiosks').waitFor();
  const other = await center.context.newPage();
  await other.goto(page.url());
  await other.getByRole('heading', { level: 1, name: 'Kiosks' }).waitFor();

  await ruleOf(page).fill(`device.displayName -eq "${DEVICE}"`);
  await page.getByText('Saving decides anew who is in the group.', { exact: false }).waitFor();
  await button('Save').click();
  await page.getByText('Saved.').waitFor();
  await page.getByRole('row', { name: `${DEVICE} Device Linux` }).waitFor();

  await name(other).fill('Kiosks in the halls');
  await other.getByRole('button', { name: 'Save' }).click();
  await other.getByText('Somebody else changed this while you had it open.', { exact: false }).waitFor();
  await checkPage(other, 'admin-group-conflict');
  await other.getByRole('button', { name: 'Look again' }).click();
  await other.getByText(`device.displayName -eq "${DEVICE}"`).waitFor();
  assert.equal(await name(other).inputValue(), 'Kiosks');
  await other.close();
  await page.bringToFront();
  await checkPage(page, 'admin-group-by-rule');

  const pane = await openDevice();
  await pane.getByText('Kiosks', { exact: false }).waitFor();
});

test('a member leaves after a question, and a group that a policy names stays until nothing does', async () => {
  await openGroups();
  await page.getByRole('link', { name: 'Pilots' }).click();
  await button('Remove Miriam Adeyemi').click();
  await dialog().getByText('What is backed up stays.', { exact: false }).waitFor();
  await checkPage(page, 'admin-group-remove');
  await dialog().getByRole('button', { name: 'Remove from group' }).click();
  await page.getByText('Nobody is in it yet.', { exact: false }).waitFor();

  await button('Delete group').click();
  await dialog().getByRole('button', { name: 'Delete group' }).click();
  await dialog().getByText('The group is still needed').waitFor();
  assert.match(
    (await dialog().getByRole('alert').textContent()) ?? '',
    /Policies are assigned by this group: Backup, pilots\./,
  );
  await checkPage(page, 'admin-group-delete');
  await dialog().getByRole('button', { name: 'Cancel' }).click();

  await open('Backup policy');
  await page.getByRole('link', { name: 'Backup, pilots' }).click();
  await button('Delete policy').click();
  await dialog().getByRole('button', { name: 'Delete policy' }).click();
  await listIsOpen('Backup policy');
  await openGroups();
  await page.getByRole('link', { name: 'Pilots' }).click();
  await button('Delete group').click();
  await dialog().getByRole('button', { name: 'Delete group' }).click();
  await listIsOpen('Groups');
  await page.getByRole('link', { name: 'Kiosks' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Pilots' }).count(), 0);
  assert.deepEqual(center.faults, []);
});
