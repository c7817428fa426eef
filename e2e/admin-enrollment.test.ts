/**
 * Enrollment in the admin center on the service as it is, in a real Chromium: an administrator turns the restore page on
 * for one group without another, makes an Autopilot profile aimed at a group, and registers PCs for it.
 */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { SignInPlace } from '../model/src/admin.ts';
import { CLIENTS } from '../model/src/wire.ts';
import { okay } from '../server/testing/backups.ts';
import { jsonBody, signInAt } from '../server/testing/service.ts';
import { ADMINISTRATOR, setUpOrganization } from './testing/administrator.ts';
import { checkPage } from './testing/page-checks.ts';
import { startChromium } from './testing/page-look.ts';
import { type ServiceProcess, startService } from './testing/service-process.ts';

const GROUPS = ['Pilot IT', 'Schools'];

let folder: string;
let service: ServiceProcess;
let browser: Browser;
let context: BrowserContext;
let page: Page;
const faults: string[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryover-enrollment-'));
  service = await startService({ folder });
  browser = await startChromium();
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on('pageerror', (error) => faults.push(String(error)));
  await setUpOrganization(page, service);
  await makeGroups();
});
after(async () => {
  await browser?.close();
  await service?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** As a script would: the admin center has no page for groups. */
async function makeGroups(): Promise<void> {
  const domain = ADMINISTRATOR.name.split('@')[1] ?? '';
  const place = await okay<SignInPlace>(await fetch(`${service.url}/admin/organization?domain=${domain}`));
  const administrator = {
    tenantId: place.tenantId,
    userPrincipalName: ADMINISTRATOR.name,
    password: ADMINISTRATOR.password,
  };
  const graph = await signInAt(service.url, administrator, { client: CLIENTS.graphCommandLine, resource: 'graph' });
  for (const displayName of GROUPS) {
    const mailNickname = displayName.toLowerCase().replaceAll(' ', '-');
    const group = { displayName, mailNickname, mailEnabled: false, securityEnabled: true };
    await okay(await graph.fetch('/v1.0/groups', jsonBody('POST', group)));
  }
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: true });
const heading = (name: string) => page.getByRole('heading', { level: 1, name });
const restorePage = (on = page) => on.getByRole('region', { name: 'Show restore page' });
const dialog = () => page.getByRole('dialog');

async function openEnrollment(): Promise<void> {
  await page.getByRole('navigation').getByRole('link', { name: 'Enrollment' }).click();
  await heading('Windows Backup and Restore').waitFor();
}

test('the restore page is turned on for one group without another, and nothing chosen is refused', async () => {
  await openEnrollment();
  await restorePage().getByText('Nobody sees the restore page while they set up a PC.').waitFor();
  await restorePage().getByLabel('On for these groups').check();
  await restorePage().getByText('Include at least one group, or choose').waitFor();
  assert.equal(await restorePage().getByRole('button', { name: 'Save' }).isDisabled(), true);

  await restorePage().getByLabel('Name of the group').fill('pilot');
  await button('Include Pilot IT').click();
  await restorePage().getByLabel('Name of the group').fill('school');
  await button('Leave out Schools').click();
  await restorePage().getByText('Only people and PCs in these groups see the restore page: Pilot IT.').waitFor();
  await restorePage().getByText('Left out, whatever else includes them: Schools.').waitFor();
  await restorePage().getByText('Nobody is in these groups yet: Pilot IT.').waitFor();
  await checkPage(page, 'admin-restore-page-groups');
  await restorePage().getByRole('button', { name: 'Save' }).click();
  await restorePage().getByText('Saved.').waitFor();

  await page.reload();
  await restorePage()
    .getByRole('row', { name: /Pilot IT Included/ })
    .waitFor();
  await restorePage()
    .getByRole('row', { name: /Schools Left out/ })
    .waitFor();
  assert.equal(await restorePage().getByLabel('On for these groups').isChecked(), true);
});

test('of two administrators at once only the first changes whom it is for', async () => {
  const other = await context.newPage();
  await other.goto(page.url());
  await restorePage(other).getByLabel('On for everyone').check();

  await button('Remove Schools').click();
  await restorePage().getByRole('button', { name: 'Save' }).click();
  await restorePage().getByText('Saved.').waitFor();
  await restorePage(other).getByRole('button', { name: 'Save' }).click();
  await other.getByText('Somebody else changed this while you had it open.').waitFor();
  await checkPage(other, 'admin-restore-page-conflict');
  await other.getByRole('button', { name: 'Look again' }).click();

  await restorePage(other)
    .getByRole('row', { name: /Schools Left out/ })
    .waitFor({ state: 'detached' });
  assert.equal(await restorePage(other).getByLabel('On for these groups').isChecked(), true);
  await other.close();
});

test('an Autopilot profile is made for a group, and a hybrid one is refused with its reason', async () => {
  await button('Open Autopilot profiles').click();
  await heading('Autopilot profiles').waitFor();
  await page.getByText('No Autopilot profile: people set their PCs up themselves').waitFor();
  await button('Create a profile').click();
  await heading('Create a profile').waitFor();
  await page.getByLabel('Name', { exact: false }).first().fill('Lab PCs');

  await page.getByLabel('Hybrid joined').check();
  await page.getByText('Hybrid profiles are not taken').waitFor();
  assert.equal(await button('Save').isDisabled(), true);
  await checkPage(page, 'admin-autopilot-hybrid');
  await page.getByLabel('Joined', { exact: true }).check();
  await page.getByLabel('Pre-provisioned: IT sets the PC up beforehand').check();
  await page.getByText('The restore page is not shown during set-up: nobody was there').waitFor();
  await button('Include Pilot IT').click();
  await page.getByRole('region', { name: 'Before you save' }).getByText('Assigned to: Pilot IT').waitFor();
  await checkPage(page, 'admin-autopilot-profile');
  await button('Save').click();
  await heading('Lab PCs').waitFor();
  assert.match(page.url(), /\/admin\/enrollment\/autopilot\/[0-9a-f-]{36}$/);
});

test('PCs are registered by hand and from a file, and get the profile', async () => {
  await openEnrollment();
  await page.getByText('0 of 1 let the restore page be shown during set-up').waitFor();
  await button('Open Autopilot profiles').click();
  await page
    .getByRole('row', { name: /Lab PCs Pre-provisioned.* Later, not during set-up Joined Pilot IT 0/ })
    .waitFor();

  await button('Register a PC').click();
  await dialog().getByLabel('Serial number').fill('CZC1234567');
  await dialog().getByLabel('Group tag').fill('berlin');
  await dialog().getByLabel('Autopilot profile').selectOption({ label: 'Lab PCs' });
  await checkPage(page, 'admin-autopilot-register');
  await dialog().getByRole('button', { name: 'Register a PC' }).click();
  await page.getByRole('row', { name: /czc1234567 berlin Lab PCs Not enrolled yet/ }).waitFor();

  await button('Import a file').click();
  const csv = 'Device Serial Number,Windows Product ID,Hardware Hash,Group Tag\nSN-2,,T0Fx,hamburg\nCZC1234567,,,\n';
  await dialog()
    .getByLabel('CSV file')
    .setInputFiles({ name: 'pcs.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) });
  await dialog().getByRole('button', { name: 'Register 2 PCs' }).click();
  await dialog().getByText('1 PC was registered').waitFor();
  await dialog().getByText('This PC is registered already', { exact: false }).waitFor();
  await checkPage(page, 'admin-autopilot-imported');
  await dialog().getByRole('button', { name: 'Close' }).click();
  await page.getByRole('row', { name: /sn-2 hamburg As assigned Not enrolled yet/ }).waitFor();
  await checkPage(page, 'admin-autopilot');
});

test('a profile is changed, and deleted after a question', async () => {
  await page.getByRole('link', { name: 'Lab PCs' }).click();
  await heading('Lab PCs').waitFor();
  await page.getByLabel('User-driven: a person sets the PC up').check();
  await button('Remove Pilot IT').click();
  await page.getByLabel('All registered PCs').check();
  await button('Save').click();
  await page.getByRole('region', { name: 'Before you save' }).waitFor({ state: 'detached' });
  assert.equal(await page.getByLabel('User-driven: a person sets the PC up').isChecked(), true);
  assert.equal(await page.getByLabel('All registered PCs').isChecked(), true);

  await button('Delete profile').click();
  await dialog().getByText('PCs that are enrolled stay as they are', { exact: false }).waitFor();
  await checkPage(page, 'admin-autopilot-delete');
  await dialog().getByRole('button', { name: 'Delete profile' }).click();
  await page.getByText('No Autopilot profile: people set their PCs up themselves').waitFor();
  await page.getByRole('row', { name: /czc1234567 berlin As assigned/ }).waitFor();
  assert.deepEqual(faults, []);
});
