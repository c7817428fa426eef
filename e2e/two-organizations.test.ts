/**
 * One service with two organizations, in a real Chromium: the domain of a user name leads to the right one, a domain that
 * nobody has is said, and who is signed in to one sees nothing of the other.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { aService, type Organization, type TestService } from '../server/testing/service.ts';
import { signInAs, typeSignIn } from './testing/administrator.ts';
import { checkPage } from './testing/page-checks.ts';
import { startChromium } from './testing/page-look.ts';

let service: TestService;
let contoso: Organization;
let auental: Organization;
let browser: Browser;
let context: BrowserContext;
let page: Page;

before(async () => {
  service = await aService();
  contoso = await service.setUp('Contoso');
  auental = await service.setUp('Auental');
  browser = await startChromium();
  context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin' });
  context.setDefaultTimeout(20_000);
  page = await context.newPage();
});
after(async () => {
  await browser?.close();
  await service?.stop();
});

/** By the user name alone to the sign-in of the organization, and through it. */
async function signIn(at: Page, { administrator: { userPrincipalName: name, password } }: Organization): Promise<void> {
  await at.getByLabel('User name').fill(name);
  await at.getByRole('button', { name: 'Next' }).click();
  await at.locator('input[name="password"]').waitFor();
  await typeSignIn(at, { name, password });
}

/** User names in the list, once it is there. */
async function peopleOf(at: Page): Promise<readonly string[]> {
  const names = at.getByRole('cell').filter({ hasText: /@/ });
  await names.first().waitFor();
  return (await names.allTextContents()).toSorted((one, other) => one.localeCompare(other));
}

test('without a domain the entrance asks for a user name, and says what is wrong with one', async () => {
  await page.goto(`${service.url}/admin/people`);
  await page.getByLabel('User name').fill('admin');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByText('Type the whole user name with the @').waitFor();
  await page.getByLabel('User name').fill('admin@fabrikam.example');
  await page.getByRole('button', { name: 'Next' }).click();

  await page.getByText('No organization here belongs to this user name. Check what stands behind the @').waitFor();
  assert.equal(await page.getByLabel('User name').getAttribute('aria-invalid'), 'true');
  await checkPage(page, 'admin-which-organization');
  assert.ok(
    !(await page.locator('body').textContent())?.includes('Contoso'),
    'no name of an organization is given away',
  );
});

test('the domain leads to its organization, and back to the page that was asked for', async () => {
  await signIn(page, auental);

  await page.getByRole('banner').getByText('Auental', { exact: true }).waitFor();
  await page.getByRole('cell', { name: auental.administrator.userPrincipalName }).waitFor();
  assert.equal(new URL(page.url()).pathname, '/admin/people');
  assert.deepEqual(await peopleOf(page), ['admin@auental.example', 'alice@auental.example', 'bob@auental.example']);
});

test('loaded anew, the same organization is there without a question', async () => {
  await page.reload();

  await page.getByRole('banner').getByText('Auental', { exact: true }).waitFor();
  await page.getByRole('cell', { name: auental.administrator.userPrincipalName }).waitFor();
});

test('a browser that is signed in to one is asked to sign in to the other', async () => {
  const other = await context.newPage();
  await other.addInitScript("sessionStorage.setItem('carryover.domain', 'contoso.example')");
  await other.goto(`${service.url}/admin`);

  await other.getByText('Organization: Contoso').waitFor();
  await checkPage(other, 'admin-other-organization');
  await other.close();
});

test('what the page of one asks Graph with finds nobody of the other', async () => {
  const asking = page.waitForRequest((request) => new URL(request.url()).pathname === '/v1.0/users');
  await page.reload();
  const { authorization = '' } = await (await asking).allHeaders();
  const statusOf = async ({ userId }: { readonly userId: string }) =>
    (await fetch(`${service.url}/v1.0/users/${userId}`, { headers: { authorization } })).status;

  assert.deepEqual([await statusOf(auental.alice), await statusOf(contoso.alice)], [200, 404]);
});

test('two organizations are open in one browser beside each other, each with its own people', async () => {
  const other = await context.newPage();
  await other.goto(`${service.url}/admin/people`);
  await other.getByRole('cell', { name: auental.administrator.userPrincipalName }).waitFor();
  await other.getByRole('button', { name: /^Account of/ }).click();
  await other.getByRole('menuitem', { name: 'Sign out' }).click();
  const sure = other.locator('form button.primary');
  const another = other.getByRole('button', { name: 'Another organization' });
  await sure.or(another).first().waitFor();
  if (await sure.isVisible()) await sure.click();
  await another.click();
  await signIn(other, contoso);
  await other.getByRole('banner').getByText('Contoso', { exact: true }).waitFor();
  await other.getByRole('navigation').getByRole('link', { name: 'People' }).click();
  assert.deepEqual(await peopleOf(other), ['admin@contoso.example', 'alice@contoso.example', 'bob@contoso.example']);

  // The first tab keeps to its own organization, where it has to sign in once more by now.
  await page.reload();
  await page.getByText('Organization: Auental').waitFor();
  await signInAs(page, { name: auental.administrator.userPrincipalName, password: auental.administrator.password });
  assert.deepEqual(await peopleOf(page), ['admin@auental.example', 'alice@auental.example', 'bob@auental.example']);
  await other.reload();
  await other.getByRole('banner').getByText('Contoso', { exact: true }).waitFor();
});
