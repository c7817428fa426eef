/**
 * Every page of sign-in and set-up, looked at in a real Chromium with JavaScript: as the pictures want it, for everyone
 * (testing/page-checks.ts), in both languages, by keyboard alone. What works without JavaScript: without-javascript.test.ts.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CLIENTS, SCOPES } from '../model/src/wire.ts';
import { putApplication } from '../server/src/signin/applications.ts';
import { createSetupCode } from '../server/src/tenants/tenants.ts';
import { okay } from '../server/testing/backups.ts';
import {
  aService,
  authorizationRequest,
  jsonBody,
  type Organization,
  REDIRECT_URI,
  type TestService,
} from '../server/testing/service.ts';
import { checkPage } from './testing/page-checks.ts';
import { answered, becomes } from './testing/waiting.ts';

const AGENT = { client: CLIENTS.agent, resource: 'backup' } as const;
/** Sign-ins that fail: a name is locked out before. */
const MORE_THAN_ENOUGH = 30;

let service: TestService;
let organization: Organization;
let browser: Browser;
/** The program that asks for sign-ins, which people are led back to. */
const program = createServer((_request, response) => response.end('back'));
let programUrl: string;

before(async () => {
  service = await aService();
  await once(program.listen(0, '127.0.0.1'), 'listening');
  programUrl = `http://127.0.0.1:${(program.address() as AddressInfo).port}/`;
  organization = await service.setUp('Auental County');
  const { administrator } = organization;
  const graph = await service.signIn(administrator, { client: CLIENTS.graphCommandLine, resource: 'graph' });
  await okay(await graph.fetch('/beta/carryover/signInSettings', jsonBody('PATCH', { deviceCodeAllowed: true })));
  // Root may start Chromium without its sandbox only; what it opens here is our own.
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
});
after(async () => {
  await browser?.close();
  program.close();
  await service?.stop();
});

/** A page of a browser of its own, closed at the end. Errors: AssertionError for a fault that the browser wrote to its console. */
async function onPage(run: (page: Page, context: BrowserContext) => Promise<void>, locale = 'en-US'): Promise<void> {
  const context = await browser.newContext({ locale, timezoneId: 'Europe/Berlin' });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    // The answers 4xx that these stories provoke are no faults of the page.
    if (message.type() === 'error' && !message.text().includes('the server responded with a status'))
      faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  try {
    await run(page, context);
    assert.deepEqual(faults, []);
  } finally {
    await context.close();
  }
}

function signInUrl(): string {
  const { url } = authorizationRequest(service.url, organization.tenantId, AGENT);
  url.searchParams.set('redirect_uri', programUrl);
  return url.href;
}

test('setting up: asked, refused beside the field, done, and on to the admin center', () =>
  onPage(async (page) => {
    await page.goto(`${service.url}/admin/setup`);
    await checkPage(page, 'set-up');

    await page.getByLabel('Set-up code').fill('WRONG-CODE');
    await page.getByLabel('Name of the organization').fill('Nordtal');
    await page.getByLabel('Your name').fill('Ada');
    await page.getByLabel('User name').fill('ada@nordtal.example');
    await page.getByLabel('Password').fill('a very long one indeed');
    await press(page, 'Set up');
    assert.match(await page.title(), /^Error: /);
    await focusIsOn(page, 'code');
    await checkPage(page, 'set-up-refused');

    await page.getByLabel('Set-up code').fill(await createSetupCode(service.store, Temporal.Now.instant()));
    await page.getByLabel('Password').fill('a very long one indeed');
    await press(page, 'Set up');
    const onward = page.getByRole('link', { name: 'Go to the admin center' });
    assert.equal(await onward.getAttribute('href'), '/admin');
    await checkPage(page, 'set-up-done');

    await page.goto(`${service.url}/enroll/${organization.tenantId}`);
    await checkPage(page, 'enroll');
  }));

test('a command is copied by its button', () =>
  onPage(async (page, context) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${service.url}/enroll/${organization.tenantId}`);

    await page.getByRole('button', { name: 'Copy' }).click();

    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    assert.equal(copied, `carryover enroll ${service.url}/enroll/${organization.tenantId}`);
  }));

test('the sign-in is the card of the pictures, and names organization, host and program', () =>
  onPage(async (page) => {
    await page.setViewportSize({ width: 1000, height: 760 });
    await page.goto(signInUrl());

    const card = page.getByRole('main');
    const box = await card.boundingBox();
    assert.deepEqual([box?.width, box && Math.round(box.x)], [468, (1000 - 468) / 2]);
    assert.equal(await page.evaluate<string>("getComputedStyle(document.querySelector('main')).borderRadius"), '12px');
    const above = Math.round(box?.y ?? 0);
    const below = (await page.getByRole('contentinfo').boundingBox()) ?? { y: 0, height: 0 };
    assert.ok(Math.abs(above - (760 - below.y - below.height)) <= 2, 'in the middle');
    const { host } = new URL(service.url);
    assert.match((await card.textContent()) ?? '', new RegExp(`Auental County\\s*${host}`));
    assert.equal(await page.getByRole('contentinfo').textContent(), `Signing in to Carryover on ${host}`);
    assert.ok(
      await page.evaluate<boolean>(
        'document.fonts.ready.then(() => document.fonts.check(\'16px "Open Sans Variable"\'))',
      ),
    );
    await checkPage(page, 'sign-in');
  }));

test('a person signs in by keyboard alone, and can look at the password before', () =>
  onPage(async (page) => {
    await page.goto(signInUrl());
    const { alice } = organization;

    await focusIsOn(page, 'userName');
    assert.match(await page.evaluate<string>('getComputedStyle(document.activeElement).outline'), /solid 2px/);
    await page.keyboard.type(alice.userPrincipalName);
    await page.keyboard.press('Tab');
    await focusIsOn(page, 'password');
    await page.keyboard.type(alice.password);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    assert.equal(await page.getByLabel('Password').getAttribute('type'), 'text');
    await checkPage(page, 'sign-in-password-shown');
    await page.getByRole('button', { name: 'Hide Password' }).press('Enter');
    assert.equal(await page.getByLabel('Password').getAttribute('type'), 'password');
    await page.getByLabel('Password').press('Enter');

    await page.waitForURL(`${programUrl}**`);
    assert.ok(new URL(page.url()).searchParams.get('code'));
  }));

test('a button pressed twice sends once, and is busy until the answer is there', () =>
  onPage(async (page) => {
    await page.goto(signInUrl());
    const sent: string[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') sent.push(request.url());
    });
    await page.getByLabel('User name').fill(organization.bob.userPrincipalName);
    await page.getByLabel('Password').fill(organization.bob.password);

    const pressed = "document.querySelector('.primary').click();";
    const busy = await page.evaluate<string>(`${pressed}${pressed}document.querySelector('[aria-busy]').textContent`);

    await page.waitForURL(`${programUrl}**`);
    assert.equal(busy, 'Sign in');
    assert.equal(sent.length, 1, sent.join());
  }));

test('a password can be pasted', () =>
  onPage(async (page, context) => {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(signInUrl());
    await page.evaluate("navigator.clipboard.writeText('from a password manager')");

    await page.getByLabel('Password').focus();
    await page.keyboard.press('ControlOrMeta+V');

    await becomes(() => page.getByLabel('Password').inputValue(), 'from a password manager');
  }));

test('a wrong password is told beside its field; after too many, until when to wait, in the person’s own time', () =>
  onPage(async (page) => {
    await page.goto(signInUrl());
    const attempt = async () => {
      await page.getByLabel('User name').fill('nobody@auental.example');
      await page.getByLabel('Password').fill('not the right one');
      await press(page, 'Sign in');
      await page.getByRole('alert').waitFor();
    };

    await attempt();
    assert.equal(await page.getByRole('alert').textContent(), 'User name or password is not right');
    await focusIsOn(page, 'password');
    assert.match(await page.title(), /^Error: Sign in – Auental County$/);
    await checkPage(page, 'sign-in-refused');
    for (let count = 1; count < MORE_THAN_ENOUGH && (await page.locator('time').count()) === 0; count += 1)
      await attempt();

    const until = new Date((await page.locator('time').getAttribute('datetime')) ?? '');
    const inBerlin = until.toLocaleTimeString('en', {
      timeZone: 'Europe/Berlin',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    });
    assert.equal(await page.getByRole('alert').textContent(), `Too many attempts. Try again after ${inBerlin}`);
    await checkPage(page, 'sign-in-locked');
  }));

test('a password of one’s own is chosen, and refused when the two differ', () =>
  onPage(async (page) => {
    const { tenantId, administrator } = organization;
    const bob = await service.addPerson(tenantId, 'carla@auental.example');
    const graph = await service.signIn(administrator, { client: CLIENTS.graphCommandLine, resource: 'graph' });
    const temporary = { passwordProfile: { password: 'temporary-password-1' } };
    assert.equal((await graph.fetch(`/v1.0/users/${bob.userId}`, jsonBody('PATCH', temporary))).status, 204);
    await page.goto(signInUrl());
    await signInAs(page, { ...bob, password: temporary.passwordProfile.password });
    await page.getByLabel('New password', { exact: true }).waitFor();
    await checkPage(page, 'choose-password');

    await page.getByLabel('New password', { exact: true }).fill('a password of my own');
    await page.getByLabel('New password again').fill('another one, and long');
    await press(page, 'Save and go on');

    assert.equal(await page.getByRole('alert').textContent(), 'The two passwords differ');
    await checkPage(page, 'choose-password-refused');
  }));

test('consent says in words what a program asks for', () =>
  onPage(async (page) => {
    const { tenantId, alice } = organization;
    const client = crypto.randomUUID();
    const application = { displayName: 'Report tool', redirectUris: [REDIRECT_URI] };
    await service.store.write(putApplication, tenantId, client, application, Date.now());
    await page.goto(authorizationRequest(service.url, tenantId, { client, resource: 'graph' }).url.href);
    await signInAs(page, alice);

    await page.getByRole('heading', { name: 'Allow Report tool?', exact: true }).waitFor();
    const asked = await page.getByRole('listitem').allTextContents();
    assert.ok(asked.includes('See the backed-up settings of all peopleUserWindowsSettings.Read.All'), asked.join());
    assert.deepEqual(
      asked.filter((text) => /^[\w.]+$/.test(text)),
      [],
      'each has words',
    );
    await checkPage(page, 'consent');
  }));

test('a code on another device: asked, wrong, confirmed, done', () =>
  onPage(async (page) => {
    const { issuer, alice } = organization;
    const body = new URLSearchParams({ client_id: CLIENTS.agent, scope: `openid ${SCOPES.backup}` });
    const answer = await fetch(`${issuer}/devicecode`, { method: 'POST', body });
    const { user_code: code = '' } = (await answer.json()) as { readonly user_code?: string };
    await page.goto(`${issuer}/device`);
    await checkPage(page, 'code');

    await page.getByLabel('Code').fill('BCDF-GHJK');
    await press(page, 'Next');
    await checkPage(page, 'code-wrong');
    await page.getByLabel('Code').fill(code);
    await press(page, 'Next');
    await page.getByRole('main').getByText(code).first().waitFor();
    await checkPage(page, 'code-confirm');
    await press(page, 'Yes, go on');
    await signInAs(page, alice);

    await page.getByRole('heading', { name: 'You are signed in', exact: true }).waitFor();
    await checkPage(page, 'code-done');
  }));

test('signing out asks first, and says that it is done', () =>
  onPage(async (page) => {
    await page.goto(signInUrl());
    await signInAs(page, organization.bob);
    await page.waitForURL(`${programUrl}**`);

    await page.goto(`${organization.issuer}/logout`);
    await checkPage(page, 'sign-out');
    await press(page, 'Sign out');

    await page.getByRole('heading', { name: 'You are signed out', exact: true }).waitFor();
    await checkPage(page, 'signed-out');
  }));

test('what does not work ends on a page that says what to do', () =>
  onPage(async (page) => {
    const { issuer } = organization;
    const other = await service.setUp('Fabrikam');
    const dead = {
      over: [`${issuer}/interaction/none`, 'This sign-in is over'],
      refused: [`${issuer}/authorize?client_id=unknown`, 'This sign-in does not work'],
      'code-not-allowed': [`${other.issuer}/device`, 'This is not allowed'],
      'no-organization': [`${service.url}/${crypto.randomUUID()}/v2.0/authorize`, 'There is no such organization here'],
    } as const;

    for (const [name, [url, title]] of Object.entries(dead)) {
      await page.goto(url);
      assert.equal(await page.getByRole('heading').textContent(), title);
      await checkPage(page, name);
    }
  }));

test('a German browser gets German pages that lose nothing', () =>
  onPage(async (page) => {
    await page.goto(`${service.url}/admin/setup`);
    assert.equal(await page.getByRole('heading').textContent(), 'Organisation einrichten');
    await checkPage(page, 'set-up-german');
    await page.goto(signInUrl());
    assert.equal(await page.getByRole('heading').textContent(), 'Anmelden');
    await page.getByRole('button', { name: 'Anzeigen Kennwort' }).click();
    await checkPage(page, 'sign-in-german');
  }, 'de-DE'));

async function signInAs(
  page: Page,
  person: { readonly userPrincipalName: string; readonly password: string },
): Promise<void> {
  await page.getByLabel('User name').fill(person.userPrincipalName);
  await page.getByLabel('Password').fill(person.password);
  await press(page, 'Sign in');
}

/** A button that sends the page's form. */
function press(page: Page, name: string): Promise<void> {
  return answered(page, () => page.getByRole('button', { name }).click());
}

/** Errors: TimeoutError when the focus is elsewhere; browsers give it to a new page only after it is loaded. */
function focusIsOn(page: Page, id: string): Promise<void> {
  return page.locator(`#${id}:focus`).waitFor();
}
