/** The checks of pages, on a page that is right and on the same page made wrong: each must see what is wrong. */

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { hasNoBarrier, scrollsNotSideways, stopsByTab } from './page-checks.ts';
import { type ShownPage, showPage, startChromium } from './page-look.ts';
import { type PageServer, servePages } from './page-server.ts';

let browser: Browser;
let server: PageServer;
let shown: ShownPage;

before(async () => {
  browser = await startChromium();
  server = await servePages();
});
beforeEach(async () => {
  await shown?.close();
  shown = await showPage(browser, { url: `${server.url}/settings` });
  await shown.page.getByRole('heading', { level: 1 }).waitFor();
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

/** Puts this HTML into the page's main part. */
function add(html: string): Promise<void> {
  return shown.page.locator('main').evaluate((main, text) => main.insertAdjacentHTML('beforeend', text), html);
}

/** Until the page told the console something with this word; it says so when it likes. */
function toldOf(word: string): Promise<unknown> {
  return shown.page.waitForEvent('console', (message) => message.text().includes(word));
}

test('a picture without words is a barrier', async () => {
  await add('<img src="/assets/x.png">');

  await assert.rejects(hasNoBarrier(shown.page, 'settings'), /image-alt/);
});

test('a box wider than the window is named', async () => {
  await scrollsNotSideways(shown.page, 'settings');
  await add(`<pre id="wide">${'x'.repeat(400)}</pre>`);

  await assert.rejects(scrollsNotSideways(shown.page, 'settings'), /wide/);
});

test('Tab tells what it reaches in order, and what has no name', async () => {
  await add(
    '<button>First</button><a href="/restore">Second: a link</a><button disabled>Off</button><details><summary>More</summary></details>',
  );
  assert.deepEqual((await stopsByTab(shown.page)).slice(-3), [
    'button "First"',
    'link "Second: a link"',
    'summary "More"',
  ]);

  await add('<button></button>');
  await assert.rejects(stopsByTab(shown.page), /without role or name/);
});

test('what the policy refuses is told: styles, scripts and other hosts', async () => {
  shown.isHealthy();

  const styled = toldOf('style-src');
  await add('<p style="color:red">styled in place</p>');
  await styled;
  assert.throws(() => shown.isHealthy(), /style-src/);

  const connected = toldOf('connect-src');
  const loaded = await shown.page.evaluate(() =>
    fetch('https://elsewhere.example/').then(
      () => 'loaded',
      () => 'refused',
    ),
  );
  assert.equal(loaded, 'refused');
  await connected;
  assert.throws(() => shown.isHealthy(), /connect-src/);
});
