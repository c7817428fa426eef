/**
 * The whole way without a terminal, on real parts: an administrator sets an empty service up and switches backup and the
 * restore page on; a person connects a PC and backs up; on a new PC they pick that backup, and find their settings at the
 * first desktop. Every page is in a real Chromium; what is on the devices is read by dconf.
 *
 * With CARRYOVER_SCREENSHOTS set to a folder, what the administrator and the person see is kept there.
 */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { SignInPlace } from '../model/src/admin.ts';
import { setUpOrganization } from './testing/administrator.ts';
import { type AgentWindow, openedBy } from './testing/agent-window.ts';
import { aDevice, type Device } from './testing/device.ts';
import { startChromium } from './testing/page-look.ts';
import { type ServiceProcess, startService } from './testing/service-process.ts';

const PERSON = { name: 'lena@auental.example', password: 'a long way from home 7' };
const WINDOW = { width: 1440, height: 900 };
const INTERFACE = 'org.gnome.desktop.interface';

let folder: string;
let service: ServiceProcess;
let browser: Browser;
let admin: Page;
const devices: Device[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryover-whole-way-'));
  service = await startService({ folder });
  browser = await startChromium();
  admin = await browser.newPage({ locale: 'en-GB', timezoneId: 'Europe/Berlin', viewport: WINDOW });
});
after(async () => {
  await browser?.close();
  await Promise.all(devices.map((device) => device.remove()));
  await service?.stop();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

const adminPage = async (link: string, title: string) => {
  await admin.getByRole('navigation').getByRole('link', { name: link }).click();
  await admin.getByRole('heading', { level: 1, name: title }).waitFor();
};

async function picture(page: Page, name: string): Promise<void> {
  const pictures = process.env['CARRYOVER_SCREENSHOTS'];
  if (pictures === undefined) return;
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** The person's account, made on the page; the password that is shown once. */
async function addPerson(): Promise<string> {
  await adminPage('People', 'People');
  await admin.getByRole('button', { name: 'Add a person', exact: true }).click();
  const dialog = admin.getByRole('dialog');
  await dialog.getByLabel('Name', { exact: false }).first().fill('Lena Brandt');
  await dialog.getByLabel('User name').fill(PERSON.name);
  await dialog.getByRole('button', { name: 'Add a person' }).click();
  const password = await dialog.locator('code').first().textContent();
  await dialog.getByRole('button', { name: 'Close' }).click();
  return password ?? '';
}

async function switchOn(link: string, title: string): Promise<void> {
  await adminPage(link, title);
  await admin.getByRole('radio', { name: 'On for everyone' }).check();
  await admin.getByRole('button', { name: 'Save', exact: true }).first().click();
}

async function device(name: string): Promise<Device> {
  const facts = { CARRYOVER_DEVICE_NAME: name, CARRYOVER_MACHINE_ID: `${name} of the whole way` };
  const made = await aDevice({ name, env: facts });
  devices.push(made);
  return made;
}

/** At the organization's sign-in, which the restore page leads to in its own window. */
async function signIn({ page }: AgentWindow, password: string): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('input[name="userName"]').fill(PERSON.name);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form button.primary').click();
}

async function goOn({ page, ended }: AgentWindow): Promise<void> {
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Go to the desktop' }).click();
  const { exit, stdout, stderr } = await ended;
  assert.equal(exit, 0, stdout + stderr);
}

test('from an empty service to settings that came over to a new PC', async () => {
  await setUpOrganization(admin, service);
  await admin.goto(`${service.url}/admin/guide`);
  await admin.getByRole('heading', { level: 1, name: /first PC over/ }).waitFor();
  await admin.getByText(/\d of \d done/).waitFor();
  await picture(admin, 'admin-first-run');
  const temporary = await addPerson();
  await switchOn('Backup policy', 'Backup policy');
  await admin.getByText('On now, by Backup, everyone').waitFor();
  await switchOn('Enrollment', 'Windows Backup and Restore');
  await admin.getByText('Saved.').waitFor();
  await picture(admin, 'admin-enrollment');
  const place = await fetch(`${service.url}/admin/organization?domain=auental.example`);
  const { enrollmentLink } = (await place.json()) as SignInPlace;

  const old = await device('old-pc');
  await old.must('gsettings', ['set', INTERFACE, 'cursor-size', '48']);
  await old.must('gsettings', ['set', INTERFACE, 'clock-format', '12h']);
  {
    await using setup = await openedBy(old, 'setup', enrollmentLink);
    await signIn(setup, temporary);
    await setup.page.locator('input[name="newPassword"]').fill(PERSON.password);
    await setup.page.locator('input[name="repeatPassword"]').fill(PERSON.password);
    await setup.page.locator('form button.primary').click();
    await setup.page.getByRole('heading', { name: 'No backups yet' }).waitFor();
    await goOn(setup);
    await using settings = await openedBy(old, 'settings');
    await settings.page.getByRole('button', { name: 'Back up now' }).click();
    await settings.page.getByRole('heading', { name: "You're backed up" }).waitFor();
  }

  await adminPage('Devices', 'Devices');
  await admin.getByRole('link', { name: 'old-pc' }).waitFor();
  await picture(admin, 'admin-devices');

  const fresh = await device('new-pc');
  {
    await using setup = await openedBy(fresh, 'setup', enrollmentLink);
    await signIn(setup, PERSON.password);
    await setup.page.getByRole('radio', { name: /old-pc/ }).waitFor();
    await goOn(setup);
  }
  assert.doesNotMatch(await fresh.dconfDump(), /cursor-size/);
  {
    await using desktop = await openedBy(fresh, 'first-desktop');
    await desktop.page.getByRole('heading', { name: /Welcome back/ }).waitFor();
    await picture(desktop.page, 'restore-first-desktop');
  }

  // The guide, whose steps nobody ticks, saw all of it.
  await admin.goto(`${service.url}/admin/guide`);
  await admin.getByText('All steps are done').waitFor();
  await picture(admin, 'admin-first-run-done');

  const dump = await fresh.dconfDump();
  assert.match(dump, /cursor-size=48/);
  assert.match(dump, /clock-format='12h'/);
});
