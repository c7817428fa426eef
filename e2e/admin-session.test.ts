/**
 * A sign-in to the admin center over the hours, in a real Chromium: renewed without a question while it lasts, and when it
 * has ended the page says so and a new sign-in leads back to where one was.
 *
 * The service runs in the test itself, so that its clock can be moved: time passes for it as it would by waiting.
 */

import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, mock, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { aService, type TestService } from '../server/testing/service.ts';
import { signInAs } from './testing/administrator.ts';
import { startChromium } from './testing/page-look.ts';
import { hasAll, watchRequests } from './testing/waiting.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** An access token works 15 minutes. */
const TOKEN_OVER_MS = 16 * MINUTE_MS;

let service: TestService;
let administrator: { name: string; password: string };
let browser: Browser;
let context: BrowserContext;
let page: Page;

before(async () => {
  mock.timers.enable({ apis: ['Date'], now: Date.now() });
  service = await aService({ now: () => Temporal.Instant.fromEpochMilliseconds(Date.now()) });
  const { userPrincipalName: name, password } = (await service.setUp('Auental')).administrator;
  administrator = { name, password };
  browser = await startChromium();
});
after(async () => {
  await browser?.close();
  await service?.stop();
  mock.timers.reset();
});

beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  watchRequests(page);
  await page.clock.setSystemTime(Date.now());
  await page.goto(`${service.url}/admin/people?search=admin`);
  await signInAs(page, administrator);
  await page.getByRole('cell', { name: administrator.name }).waitFor();
  // What is still under way when time passes would be refused beside what a test asks for.
  await hasAll(page);
});
afterEach(() => context.close());

/** Time that passes at the service, and at the browser unless its clock stays behind. */
async function pass(milliseconds: number, { alsoHere = true } = {}): Promise<void> {
  mock.timers.setTime(Date.now() + milliseconds);
  if (alsoHere) await page.clock.setSystemTime(Date.now());
}

/** What was asked at the sign-in's own addresses, and at Graph with which answer. */
function watch(): { readonly signIn: string[]; readonly refused: string[]; readonly openings: string[] } {
  const seen = { signIn: [] as string[], refused: [] as string[], openings: [] as string[] };
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (/\/v2\.0\/|\/token$|\/authorize$/.test(pathname))
      seen.signIn.push(`${response.status()} ${pathname.split('/').at(-1)}`);
    if (response.status() === 401) seen.refused.push(pathname);
    if (response.request().isNavigationRequest()) seen.openings.push(pathname);
  });
  return seen;
}

async function search(name: string): Promise<void> {
  await page.getByLabel('Name or user name').fill(name);
  await page.getByLabel('Name or user name').press('Enter');
}

test('an access token that has run out is renewed once, before it is used, without leaving the page', async () => {
  const seen = watch();

  await pass(TOKEN_OVER_MS);
  await page.getByRole('link', { name: 'Enrollment' }).click();
  await page.getByText('No token works now.').waitFor();

  assert.deepEqual(seen, { signIn: ['200 token'], refused: [], openings: [] });
});

test('a browser whose clock is late has its token refused, renews it and gets what it asked for', async () => {
  const seen = watch();

  await pass(TOKEN_OVER_MS, { alsoHere: false });
  await search('alice');
  await page.getByRole('cell', { name: 'alice@auental.example' }).waitFor();

  assert.deepEqual([seen.signIn, seen.refused, seen.openings], [['200 token'], ['/v1.0/users'], []]);
});

test('half a day of work in one page needs one sign-in', async () => {
  const seen = watch();

  // Never asked before, so that each is asked of the service.
  for (const [asked, found] of Object.entries({ ali: 'alice', bo: 'bob', lice: 'alice', ob: 'bob' })) {
    await pass(2.9 * HOUR_MS);
    await search(asked);
    await page.waitForURL(`**/people?search=${asked}`);
    await page.getByRole('cell', { name: `${found}@auental.example` }).waitFor();
  }

  assert.deepEqual([seen.signIn, seen.openings], [Array(4).fill('200 token'), []]);
});

test('a sign-in that ended in another tab is said, and the next one leads back to the same page', async () => {
  const other = await context.newPage();
  await other.goto(`${service.url}/admin`);
  await other.getByRole('button', { name: /^Account of/ }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  const [sure, asked] = [
    other.locator('form button.primary'),
    other.getByRole('heading', { name: 'Sign in to the admin center' }),
  ];
  await sure.or(asked).first().waitFor();
  if (await sure.isVisible()) await sure.click();
  await asked.waitFor();

  await pass(TOKEN_OVER_MS);
  await search('bob');
  await saysItIsOver('bob');
});

test('after 12 hours the page says that the sign-in has ended, and the next one leads back to the same page', async () => {
  await pass(12 * HOUR_MS + MINUTE_MS);
  await search('bob');

  await saysItIsOver('bob');
});

async function saysItIsOver(searched: string): Promise<void> {
  await page.getByRole('alert').getByText('Your sign-in has ended').waitFor();
  assert.equal(new URL(page.url()).search, `?search=${searched}`);
  await page.getByRole('button', { name: 'Sign in again' }).first().click();
  await page.getByRole('heading', { level: 1, name: 'Sign in to the admin center' }).waitFor();
  await signInAs(page, administrator);

  await page.getByRole('cell', { name: `${searched}@auental.example` }).waitFor();
  const { pathname, search: query } = new URL(page.url());
  assert.deepEqual([pathname, query], ['/admin/people', `?search=${searched}`]);
}
