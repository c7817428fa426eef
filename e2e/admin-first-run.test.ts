/**
 * The admin center on the service as it is, in a real Chromium: from an empty deployment through set-up and sign-in to the
 * guide, whose steps turn green by themselves; skipped and brought back; signed out. For everyone, by keyboard, in 320 px.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { Overview } from '../model/src/admin.ts';
import { type AdminCenter, openAdminCenter } from './testing/admin-center.ts';
import { checkPage, stopsByTab } from './testing/page-checks.ts';
import { becomes, resize } from './testing/waiting.ts';

const ADMINISTRATOR = { name: 'admin@auental.example', password: 'correct horse battery staple 1' };
/** First load of the admin center, scripts and styles and fonts as they travel. */
const MAX_FIRST_LOAD_BYTES = 300_000;

let center: AdminCenter;
let page: Page;

before(async () => {
  center = await openAdminCenter({ setUp: false });
  page = center.page;
});
after(async () => {
  await center?.close();
});

const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name });

test('an empty service leads to the set-up, and the set-up to the sign-in', async () => {
  await page.goto(`${center.service.url}/admin`);
  await heading('No organization yet').waitFor();
  await checkPage(page, 'admin-empty');

  await page.getByRole('link', { name: 'Set up an organization' }).click();
  for (const [name, value] of Object.entries({
    code: center.service.setupCode ?? '',
    organization: 'Auental County',
    displayName: 'Miriam Adeyemi',
    userPrincipalName: ADMINISTRATOR.name,
    password: ADMINISTRATOR.password,
  }))
    await page.locator(`input[name="${name}"]`).fill(value);
  await page.locator('button[type="submit"]').click();
  await page.locator('a[href="/admin"]').click();

  await heading('Sign in to the admin center').waitFor();
  await page.getByText('Organization: Auental County').waitFor();
  assert.equal(new URL(page.url()).search, '');
  await checkPage(page, 'admin-sign-in');
});

test('who signs in comes to Home, with the guide as a card because there are no devices', async () => {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('input[name="userName"]').fill(ADMINISTRATOR.name);
  await page.locator('input[name="password"]').fill(ADMINISTRATOR.password);
  await page.locator('form button.primary').click();

  await page.getByRole('heading', { level: 2, name: 'Carry your first PC over' }).waitFor();
  await page.getByText('No backup yet.').waitFor();
  await checkPage(page, 'admin-home');
  const address = new URL(page.url());
  assert.deepEqual([address.pathname, address.search], ['/admin', '']);
});

test('Home tells in words how devices stand, with what came last, and one device alone in a sentence', async () => {
  let overview: unknown = anOverview({
    backedUp: 4386,
    overdue: 311,
    failing: 74,
    notEligible: 265,
    notSwitchedOn: 178,
  });
  await page.route('**/beta/carryover/overview', (route) => route.fulfill({ json: overview }));

  await page.reload();
  await page.getByRole('row', { name: 'Backed up in time Last 8 days 4,386 84.1%' }).waitFor();
  assert.equal(await page.getByRole('link', { name: 'Overdue' }).getAttribute('href'), '/admin/devices?state=overdue');
  await checkPage(page, 'admin-home-devices');
  overview = anOverview({ notEligible: 1 });
  await page.reload();
  await page.getByRole('link', { name: 'Your one device: Not eligible' }).waitFor();

  await page.unroute('**/beta/carryover/overview');
  await page.reload();
  await page.getByText('No backup yet.').waitFor();
});

test('nothing that opens Graph stays in the browser', async () => {
  const kept = await page.evaluate<string>(
    'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
  );

  assert.doesNotMatch(kept, /eyJ|token|verifier/);
});

test('steps of the guide turn green while it is looked at', async () => {
  await page.getByRole('link', { name: 'Open the guide' }).click();
  await heading(/first PC over/).waitFor();
  const enrollment = page.getByRole('button', { name: /: Let devices in/ });
  await enrollment.click();
  await page.getByRole('heading', { name: 'Let devices in' }).waitFor();
  await checkPage(page, 'admin-guide');
  const done = page.getByRole('listitem').filter({ hasText: /^Done: / });
  const doneBefore = await done.count();

  await page.getByRole('button', { name: /: People/ }).click();
  await addPerson('ada@auental.example', 'Ada Amsel');

  await page.getByRole('button', { name: /^Done: People.*2 people/ }).waitFor();
  await becomes(() => done.count(), doneBefore + 1);
});

test('the command for the first device can be copied, and every stop of the keyboard has a name', async () => {
  await page.getByRole('button', { name: /: Put the agent on a first device/ }).click();

  await page.getByText(`carryover enroll ${center.service.url}/enroll/`).waitFor();
  const stops = await stopsByTab(page);
  for (const stop of ['link "Skip to content"', 'link "Home"', 'button "Skip the guide"', 'button "Copy"'])
    assert.ok(stops.includes(stop), `${stop} is not among ${stops.join(', ')}`);
});

test('a page that is loaded anew is where it was, without a question', async () => {
  await page.reload();

  await heading(/first PC over/).waitFor();
  assert.equal(new URL(page.url()).pathname, '/admin/guide');
});

test('the guide that was skipped says so, and stays as a card on Home', async () => {
  await page.getByRole('button', { name: 'Skip the guide' }).click();
  await page.getByRole('heading', { level: 1, name: 'Refresh readiness' }).waitFor();
  await page.getByRole('link', { name: 'Open the guide' }).click();

  await page.getByRole('button', { name: 'Keep the guide' }).click();

  await page.getByRole('button', { name: 'Skip the guide' }).waitFor();
});

test('on a narrow page the navigation opens by its button, and its pages are reached', async () => {
  await resize(page, { width: 320, height: 640 });
  const link = page.getByRole('navigation').getByRole('link', { name: 'People' });
  await link.waitFor({ state: 'hidden' });

  await page.getByRole('button', { name: 'Open navigation' }).click();
  await link.click();

  await heading('People').waitFor();
  await link.waitFor({ state: 'hidden' });
  await resize(page, { width: 1440, height: 900 });
});

test('the page speaks German when it is chosen', async () => {
  await page.goto(`${center.service.url}/admin/guide`);
  await page.getByRole('button', { name: 'Account of Miriam Adeyemi' }).click();
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();

  await heading('Willkommen. Ziehen wir Ihren ersten PC um').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await checkPage(page, 'admin-guide-german');
});

test('without a connection the last known stays, with its time', async () => {
  await page.route('**/beta/**', (route) => route.abort('internetdisconnected'));
  await page.getByText(/Keine Verbindung\. Stand \d\d:\d\d/).waitFor();
  await page.getByRole('button', { name: /^Erledigt: Personen/ }).waitFor();

  await page.unroute('**/beta/**');
  await page.getByText(/Keine Verbindung/).waitFor({ state: 'detached' });
});

test('who signs out is asked to sign in again', async () => {
  await page.getByRole('button', { name: 'Konto von Miriam Adeyemi' }).click();
  await page.getByRole('menuitem', { name: 'Abmelden' }).click();
  const sure = page.locator('form button.primary');
  const asked = heading('Beim Admin Center anmelden');
  await sure.or(asked).first().waitFor();
  if (await sure.isVisible()) await sure.click();

  await asked.waitFor();
  assert.deepEqual(center.faults, []);
});

test('the first load of the admin center is small', async () => {
  const first = await center.browser.newContext({ storageState: await center.context.storageState() });
  const fresh = await first.newPage();
  const sizes: Promise<number>[] = [];
  fresh.on('requestfinished', (request) => {
    if (new URL(request.url()).pathname.startsWith('/assets/'))
      sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await fresh.goto(`${center.service.url}/admin`);
  await fresh.getByRole('heading', { level: 1 }).waitFor();
  await fresh.waitForLoadState('networkidle');
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  await first.close();

  assert.ok(bytes > 0 && bytes <= MAX_FIRST_LOAD_BYTES, `${bytes} bytes`);
});

function anOverview(counts: Partial<Overview['coverage']>): Overview {
  const coverage = { backedUp: 0, overdue: 0, failing: 0, notEligible: 0, notSwitchedOn: 0, never: 0, ...counts };
  const device = { deviceId: 'd1', deviceName: 'AUE-LT-2291' };
  const person = { id: 'p1', displayName: 'Lena Brandt', userPrincipalName: 'lena.brandt@auental.example' };
  return {
    asOf: '2026-11-25T08:51:00Z',
    people: 4871,
    devices: Object.values(coverage).reduce((sum, count) => sum + count, 0),
    coverage,
    backupIntervalDays: 8,
    restoresLast30Days: { running: 1, succeeded: 180, failed: 2, undone: 1 },
    setupOutcomes: {
      notApplicable: 0,
      noPolicyAssigned: 0,
      succeeded: 0,
      failed: 0,
      noBackupProfiles: 0,
      setupAsNewPCSelected: 0,
    },
    newestBackups: [{ ...device, person, lastBackupDateTime: '2026-11-25T08:42:00Z' }],
    newestRestores: [
      { ...device, person, outcome: 'running', startedDateTime: '2026-11-25T08:40:00Z', durationMs: null },
      { ...device, person: null, outcome: 'failed', startedDateTime: '2026-10-14T08:40:00Z', durationMs: 192_000 },
    ],
  };
}

/** As the page People does it, with the token that the page has: the service cannot be told otherwise from a browser. */
async function addPerson(userPrincipalName: string, displayName: string): Promise<void> {
  const request = await page.waitForRequest((one) => one.url().endsWith('/beta/carryover/firstRun'));
  const { authorization = '' } = await request.allHeaders();
  const answer = await fetch(`${center.service.url}/v1.0/users`, {
    method: 'POST',
    headers: { authorization, 'content-type': 'application/json' },
    body: JSON.stringify({
      accountEnabled: true,
      displayName,
      userPrincipalName,
      mailNickname: userPrincipalName.split('@')[0],
      passwordProfile: { password: `${displayName} likes long passwords`, forceChangePasswordNextSignIn: true },
    }),
  });
  assert.equal(answer.status, 201, await answer.text());
}
