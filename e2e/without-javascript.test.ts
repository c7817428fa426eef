/**
 * An organization is set up and a person signs in, in a real Chromium whose JavaScript is switched off: by fields found
 * through their labels and buttons found by their names, as people and screen readers find them.
 *
 * With CARRYOVER_SCREENSHOTS set to a folder, what was seen is kept there.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { aDevice, type Device } from './testing/device.ts';
import { type ServiceProcess, startService } from './testing/service-process.ts';
import { answered } from './testing/waiting.ts';

const CHROMIUM = '/usr/bin/chromium';
const SERVER = join(import.meta.dirname, '..', 'server', 'src', 'main.ts');
const ADMINISTRATOR = { name: 'ada@contoso.example', password: 'a very long one indeed' };
const OWN_PASSWORD = 'chosen by Lena, and long';

let folder: string;
let service: ServiceProcess;
let browser: Browser;
let page: Page;
let device: Device;
let link: string;
let givenPassword: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'carryover-chromium-'));
  service = await startService({ folder });
  // Root may start Chromium without its sandbox only; what it opens here is our own.
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
  page = await aPage();
  device = await aDevice({ name: 'pc', env: { ...(await handsOver('lena')), CARRYOVER_DEVICE_NAME: 'pc' } });
});
after(async () => {
  await browser?.close();
  await device?.remove();
  await service?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a browser with JavaScript switched off runs none', async () => {
  await page.goto('data:text/html,<title>off</title><script>document.title="on"</script>');

  assert.equal(await page.title(), 'off');
});

test('the first administrator sets the organization up', async () => {
  await page.goto(`${service.url}/admin/setup`);
  await seen('set-up');
  await page.getByLabel('Set-up code').fill('WRONG-CODE');
  await fillOrganization();
  await press('Set up');
  assert.match((await page.getByRole('alert').textContent()) ?? '', /This code is wrong/);
  await seen('set-up-refused');

  await page.getByLabel('Set-up code').fill(service.setupCode ?? '');
  await page.getByLabel('Password').fill(ADMINISTRATOR.password);
  await press('Set up');

  await page.getByRole('heading', { name: 'Your organization is ready', exact: true }).waitFor();
  await seen('set-up-done');
  const [, found = ''] = /carryover enroll (\S+)/.exec((await page.getByRole('main').textContent()) ?? '') ?? [];
  assert.match(found, /\/enroll\/[0-9a-f-]{36}$/);
  link = found;
});

test('the administrator signs in for the command line', async () => {
  const signingIn = admin('sign-in', link);
  await page.goto(await addressFor('administrator', signingIn));
  assert.match((await page.getByRole('main').textContent()) ?? '', /Contoso/);
  await seen('sign-in');
  await page.getByLabel('User name').fill(ADMINISTRATOR.name);
  await page.getByLabel('Password').fill('not this one');
  await press('Sign in');
  assert.equal(await page.getByRole('alert').count(), 1);
  assert.deepEqual(await page.getByRole('button').allTextContents(), ['Sign in', 'Cancel'], 'none that needs a script');
  await seen('sign-in-refused');

  await page.getByLabel('Password').fill(ADMINISTRATOR.password);
  await press('Sign in');

  await page.getByRole('heading', { name: /You are signed in/ }).waitFor();
  await seen('administrator-done');
  assert.equal((await signingIn).exit, 0);
  assert.equal((await admin('restore', 'on')).exit, 0);
  const added = await admin('person', 'add', 'lena@contoso.example', 'Lena', '--json');
  givenPassword = (JSON.parse(added.stdout.trim().split('\n').at(-1) ?? '') as { password: string }).password;
});

test('a person connects a device, and chooses a password of their own on the way', async () => {
  page = await aPage();
  const enrolling = device.agent('enroll', link);
  await page.goto(await addressFor('lena', enrolling));
  await page.getByLabel('User name').fill('lena@contoso.example');
  await page.getByLabel('Password').fill(givenPassword);
  await press('Sign in');
  await seen('choose-password');
  await page.getByLabel('New password', { exact: true }).fill(OWN_PASSWORD);
  await page.getByLabel(/again|repeat/i).fill('something else that is long');
  await press(/save/i);
  assert.equal(await page.getByRole('alert').count(), 1);
  await seen('choose-password-refused');

  await page.getByLabel('New password', { exact: true }).fill(OWN_PASSWORD);
  await page.getByLabel(/again|repeat/i).fill(OWN_PASSWORD);
  await press(/save/i);

  await page.getByRole('heading', { name: /You are signed in/ }).waitFor();
  await seen('person-done');
  const { exit, stdout, stderr } = await enrolling;
  assert.equal(exit, 0, stderr);
  assert.match(stdout, /connected to Contoso for lena@contoso\.example/);
});

test('who cancels is not signed in, and the program says so', async () => {
  page = await aPage();
  const restoring = device.agent('profiles');
  await page.goto(await addressFor('lena', restoring));

  await press('Cancel');

  await page.getByRole('heading', { name: /You are not signed in/ }).waitFor();
  await seen('cancelled');
  assert.notEqual((await restoring).exit, 0);
});

async function fillOrganization(): Promise<void> {
  await page.getByLabel('Name of the organization').fill('Contoso');
  await page.getByLabel('Your name').fill('Ada');
  await page.getByLabel('User name').fill(ADMINISTRATOR.name);
  await page.getByLabel('Password').fill(ADMINISTRATOR.password);
}

/** A button that sends the page's form, until the next page is there. */
function press(name: string | RegExp): Promise<void> {
  return answered(page, () => page.getByRole('button', { name }).click());
}

async function aPage(): Promise<Page> {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    locale: 'en-US',
    viewport: { width: 1000, height: 760 },
  });
  return context.newPage();
}

async function seen(name: string): Promise<void> {
  const kept = process.env['CARRYOVER_SCREENSHOTS'];
  if (kept !== undefined) await page.screenshot({ path: join(kept, `${name}.png`) });
}

/** A $BROWSER that only writes the address down, for Chromium to open. */
async function handsOver(who: string): Promise<Record<string, string>> {
  const program = join(folder, `${who}-browser`);
  await writeFile(
    program,
    `#!/bin/sh\nprintf %s "$1" >'${program}.part' && mv '${program}.part' '${program}.address'\n`,
  );
  await chmod(program, 0o755);
  return { BROWSER: program };
}

/** The address that a program wants opened, once. Errors: Error when the program ends without. */
async function addressFor(who: string, program: Promise<unknown>): Promise<string> {
  const file = join(folder, `${who}-browser.address`);
  let over = false;
  void program.finally(() => {
    over = true;
  });
  while (!over) {
    const address = await readFile(file, 'utf8').catch(() => undefined);
    if (address !== undefined) {
      await rm(file);
      return address;
    }
    await delay(10);
  }
  throw new Error(`It ended without a browser: ${JSON.stringify(await program)}`);
}

async function admin(...args: readonly string[]): Promise<{ exit: number | null; stdout: string }> {
  const home = join(folder, 'administrator');
  await mkdir(home, { recursive: true });
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C.UTF-8', ...(await handsOver('administrator')) };
  const child = spawn(process.execPath, [SERVER, 'admin', ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.on('data', (chunk) => {
    stdout += String(chunk);
  });
  await once(child, 'close');
  return { exit: child.exitCode, stdout };
}
