/**
 * The person's whole way on Windows PCs without a terminal, with carryover.exe as it is delivered: backs up on the settings
 * page of the old PC, sets the new one up on the restore page, finds the settings there at the first desktop, and takes
 * them back on the settings page.
 *
 * The pages are what carryover.exe serves, its window is the one it opens; what browser-in-windows.ts says stands in.
 */

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { anOrganization, type Organization, type Person } from './testing/organization.ts';
import { startChromium } from './testing/page-look.ts';
import { type ServiceProcess, startService } from './testing/service-process.ts';
import { succeeded } from './testing/story.ts';
import { aWindowsAgent, type DeliveredAgent, deliveredAgent, type WindowsAgent } from './testing/windows-agent.ts';
import type { WindowsPc } from './testing/windows-pc.ts';
import { beDefaultBrowser, installEdge, makeEdge, openedOnWindows } from './testing/windows-window.ts';

let folder: string;
let browser: Browser;
/** Edge's program. */
let edge: string;
let delivered: DeliveredAgent;
let service: ServiceProcess;
let organization: Organization;
let person: Person;
let old: WindowsAgent;
let fresh: WindowsAgent;
/** What a PC has from the start. */
let untouched: Awaited<ReturnType<WindowsPc['regQuery']>>;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryover-windows-pages-'));
  [delivered, [organization, person], browser] = await Promise.all([deliveredAgent(), aService(), startChromium()]);
  [old, fresh, edge] = await Promise.all([
    aWindowsAgent({ delivered, person, name: 'OLD-PC' }),
    aWindowsAgent({ delivered, person, name: 'NEW-PC' }),
    makeEdge(folder),
  ]);
  untouched = await fresh.pc.regQuery(...MOUSE);
  await installEdge(old.pc, edge);
  await beDefaultBrowser(fresh.pc);
  succeeded(await old.agent('enroll', organization.link));
});

async function aService(): Promise<[Organization, Person]> {
  service = await startService({ folder });
  const { url, setupCode = '' } = service;
  const made = await anOrganization({ url, setupCode, name: 'Auental', domain: 'auental.example', folder });
  await made.admin('backup', 'on');
  await made.admin('restore', 'on');
  return [made, await made.addPerson('lena@auental.example', 'Lena Brandt')];
}

after(async () => {
  await browser?.close();
  await Promise.all([old?.pc.remove(), fresh?.pc.remove()]);
  await service?.stop();
  await delivered?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const MOUSE = ['HKCU\\Control Panel\\Mouse', 'MouseSensitivity'] as const;

/** What the person types at the organization's sign-in: the password they chose on the old PC. */
async function signIn(page: Page): Promise<void> {
  const password = await readFile(join(old.pc.driveC, `${person.userPrincipalName}.password`), 'utf8');
  await page.getByLabel('User name').fill(person.userPrincipalName);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('in Edge, the settings page shows the account, leaves a category out and backs up', async () => {
  await old.pc.regAdd(...MOUSE, 'REG_SZ', '7');
  await using window = await openedOnWindows(browser, old, 'settings');
  const { page, args, file } = window;

  await page.getByRole('heading', { name: 'Not backed up yet' }).waitFor();
  await page.getByText(person.userPrincipalName).first().waitFor();
  await page.getByRole('switch', { name: 'Language preferences and dictionary' }).click();
  await page.getByRole('switch', { name: 'Language preferences and dictionary', checked: false }).waitFor();
  await page.getByRole('button', { name: 'Back up now' }).click();
  await page.getByRole('heading', { name: "You're backed up" }).waitFor();
  const fromElsewhere = await fetch(page.url());
  await window.close();

  assert.equal((await window.ended).exit, 0);
  assert.ok(args.some((arg) => arg.startsWith('--user-data-dir=C:/')) && args.includes('--no-first-run'), args.join());
  assert.equal(existsSync(file), false, 'the file that leads in is gone once it was used');
  // Of a program that Windows does not know as the person's.
  assert.deepEqual([fromElsewhere.status, await fromElsewhere.text()], [403, '']);
  const { categories } = JSON.parse((await old.agent('remember', '--json')).stdout) as {
    categories: { category: string; on: boolean }[];
  };
  assert.deepEqual(
    categories.filter(({ on }) => !on).map(({ category }) => category),
    ['language'],
  );
});

test('in the default browser a new PC is set up, and gets its settings at the first desktop', async () => {
  await using setup = await openedOnWindows(browser, fresh, 'setup', organization.link);
  await setup.page.getByRole('button', { name: 'Sign in' }).click();
  await signIn(setup.page);
  await setup.page.getByRole('radio', { name: /OLD-PC/ }).waitFor();
  await setup.page.getByRole('button', { name: 'Continue' }).click();
  await setup.page.getByRole('button', { name: 'Go to the desktop' }).click();
  const decided = await setup.ended;

  assert.equal(decided.exit, 0, decided.stderr);
  assert.deepEqual(await fresh.pc.regQuery(...MOUSE), untouched, 'nothing is applied before the desktop');

  await using desktop = await openedOnWindows(browser, fresh, 'first-desktop');
  await desktop.page.getByRole('heading', { name: 'Welcome back, Lena' }).waitFor();
  await desktop.page.getByRole('button', { name: 'Go to the desktop' }).click();
  const attended = await desktop.ended;

  assert.equal(attended.exit, 0, attended.stderr);
  assert.deepEqual(await fresh.pc.regQuery(...MOUSE), { type: 'REG_SZ', data: '7' });
  // Nothing is left to do at the next sign-in.
  assert.deepEqual(await fresh.agent('first-desktop'), { exit: 0, stdout: '', stderr: '' });
});

test('on the settings page the person takes the restore back and sees what happened', async () => {
  await installEdge(fresh.pc, edge);
  await using window = await openedOnWindows(browser, fresh, 'settings');
  const { page } = window;
  await page.getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Undo', exact: true }).click();
  await page.getByText(/settings? (is|are) back/).waitFor();
  await page.getByRole('link', { name: 'What happened' }).click();
  await page.getByText('Took a restore back').waitFor();
  await page.getByText('Restored from OLD-PC').waitFor();
  await window.close();

  assert.equal((await window.ended).exit, 0);
  assert.deepEqual(await fresh.pc.regQuery(...MOUSE), untouched);
});
