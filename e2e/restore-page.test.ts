/**
 * What a person does on the restore page, in a real Chromium: every flow by keyboard, what is asked of the agent, and what
 * the page does while the agent does not answer. How it looks in every state is told by page-stories.test.ts.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { RestoreStage } from '../model/src/local-pages.ts';
import { getsFocus, isFocused, reach } from './testing/keyboard.ts';
import { LIGHT, type Look, showPage, startChromium } from './testing/page-look.ts';
import { Answer, type Answers, type Asked, type PageServer, servePages } from './testing/page-server.ts';
import { NOW } from './testing/page-story.ts';
import {
  anOffer,
  aView,
  CHOOSE,
  checks,
  done,
  hoursAgo,
  items,
  running,
  saying,
  TWO_LEFT,
  tooOld,
} from './testing/restore-samples.ts';

let browser: Browser;
before(async () => {
  browser = await startChromium();
});
after(() => browser?.close());

const GERMAN: Look = { ...LIGHT, name: 'German', language: 'de' };
const DECIDED: RestoreStage = {
  kind: 'decided',
  choice: { kind: 'profile', deviceName: 'AUE-LT-0417', decidedAt: hoursAgo(0) },
};

test('from signing in to the desktop, a person needs no mouse', async () => {
  const agent = anAgent(checks(['passed', 'asks']));
  await onPage(agent.answers, async (page, server) => {
    await reach(page, 'button', 'Sign in');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'At the sign-in' }).waitFor();

    agent.stage = checks(['passed', 'passed', 'passed', 'running']);
    await page.goto(`${server.url}/restore`);
    await isFocused(page, "Hello, Lena. Let's see what you had before");
    agent.stage = CHOOSE;
    await isFocused(page, 'Bring over your settings and apps?');

    await reach(page, 'radio', /^AUE-LT-0417/);
    await page.keyboard.press('ArrowDown');
    await page.getByRole('radio', { name: /^AUE-DT-1108/, checked: true }).waitFor();
    await page.keyboard.press('ArrowUp');
    await reach(page, 'button', 'More options');
    await page.keyboard.press('Enter');
    await isFocused(page, 'Choose what comes over');
    await reach(page, 'checkbox', 'Accent colour');
    await page.keyboard.press('Space');
    await page.getByText('9 settings and 2 apps will come over').waitFor();
    await reach(page, 'button', 'Continue');
    await page.keyboard.press('Enter');
    await isFocused(page, 'You can go on to the desktop');

    assert.deepEqual(changes(server), [
      ['POST', '/api/restore/sign-in', undefined],
      ['PUT', '/api/restore/choice', { kind: 'profile', profileId: 'p1', seq: 7, only: [], skip: ['accent'] }],
    ]);
    agent.stage = running();
    await isFocused(page, 'Bringing your things over');
    agent.stage = done(TWO_LEFT);
    await isFocused(page, 'Welcome back, Lena');
    await reach(page, 'button', 'Undo everything');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('39 settings go back to what they were.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await getsFocus(page, page.getByRole('button', { name: 'Undo everything' }));
    await reach(page, 'button', 'Go to the desktop');
    // The page closes without waiting for the answer.
    const left = page.waitForResponse('**/api/leave');
    await page.keyboard.press('Enter');
    await isFocused(page, 'You can close this window');
    await left;
    assert.deepEqual(changes(server).at(-1), ['POST', '/api/leave', undefined]);
  });
});

test('Continue without more options leaves everything to the defaults', async () => {
  const agent = anAgent(CHOOSE);
  await onPage(agent.answers, async (page, server) => {
    await page.getByRole('radio', { name: /^AUE-WS-0023/ }).check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'You can go on to the desktop' }).waitFor();

    assert.deepEqual(changes(server), [
      ['PUT', '/api/restore/choice', { kind: 'profile', profileId: 'p3', only: [], skip: [] }],
    ]);
  });
});

test('outside of setup the choice is applied at once', async () => {
  const agent = anAgent(CHOOSE, 'demand');
  await onPage(agent.answers, async (page, server) => {
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'Bringing your things over' }).waitFor();

    assert.deepEqual(
      changes(server).map(([, path]) => path),
      ['/api/restore/choice', '/api/restore/apply'],
    );
  });
});

test('a new PC can be chosen while the checks still run', async () => {
  const agent = anAgent(checks(['running']));
  await onPage(agent.answers, async (page, server) => {
    await page.getByRole('button', { name: 'Set up as a new PC' }).click();
    await page.getByRole('heading', { level: 1, name: 'You can go on to the desktop' }).waitFor();

    assert.deepEqual(changes(server), [['PUT', '/api/restore/choice', { kind: 'new' }]]);
  });
});

test('with nothing ticked nobody can go on, and the page says what to do', async () => {
  await onPage(saying(CHOOSE), async (page) => {
    await page.getByRole('button', { name: 'More options' }).click();
    await page.getByRole('table').waitFor();
    const boxes = page.getByRole('navigation').getByRole('checkbox');
    await boxes.first().waitFor();
    for (const box of await boxes.all()) if (await box.isChecked()) await box.uncheck();

    await page.getByText('Tick at least one thing, or set up as a new PC').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Continue' }).isDisabled(), true);
  });
});

test('what was ticked stays when the person goes back and opens the options again', async () => {
  await onPage(saying(CHOOSE), async (page) => {
    await page.getByRole('button', { name: 'More options' }).click();
    await page.getByRole('checkbox', { name: 'Dock pins' }).uncheck();
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByText('9 settings and 2 apps will come over').waitFor();
    await page.getByRole('button', { name: 'More options' }).click();

    await page.getByRole('checkbox', { name: 'Dock pins', checked: false }).waitFor();
  });
});

test('another point in time is asked for and chosen', async () => {
  const agent = anAgent(CHOOSE);
  await onPage(agent.answers, async (page, server) => {
    await page.getByRole('button', { name: 'More options' }).click();
    await page.getByRole('combobox', { name: 'Point in time' }).selectOption('16 November');
    await page.getByRole('table').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { name: 'You can go on to the desktop' }).waitFor();

    assert.deepEqual(changes(server), [
      ['PUT', '/api/restore/choice', { kind: 'profile', profileId: 'p1', seq: 5, only: [], skip: [] }],
    ]);
  });
});

test('seven devices: three cards, the rest on request', async () => {
  const offers = Array.from({ length: 7 }, (_, place) =>
    anOffer({ profileId: `p${place}`, deviceName: `PC ${place}` }),
  );
  await onPage(saying({ kind: 'choose', offers, undoDays: 30 }), async (page) => {
    await page.getByRole('button', { name: 'Show 4 more' }).waitFor();
    assert.equal(await page.getByRole('radio').count(), 4);
    await page.getByRole('button', { name: 'Show 4 more' }).click();

    await page.getByRole('radio').nth(7).waitFor();
    assert.equal(await page.getByRole('radio').count(), 8);
  });
});

test('while the agent does not answer, what was known stays, and the page comes back by itself', async () => {
  const agent = anAgent(running());
  await onPage(agent.answers, async (page) => {
    await page.getByText('43 of 62', { exact: true }).waitFor();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('This page has lost Carryover on this PC. What you see is as of 09:51.').waitFor();
    await page.getByText('43 of 62', { exact: true }).waitFor();
    agent.stage = done(items(3));
    await page.unroute('**/api/**');

    await page.getByRole('heading', { name: 'Welcome back, Lena' }).waitFor();
    await page.getByText('This page has lost Carryover').waitFor({ state: 'hidden' });
  });
});

test('choices outlive a break of the connection', async () => {
  await onPage(saying(CHOOSE), async (page) => {
    await page.getByRole('button', { name: 'More options' }).click();
    await page.getByRole('checkbox', { name: 'Wallpaper' }).uncheck();
    await page.route('**/api/**', (route) => route.abort());
    await page.getByText('This page has lost Carryover').waitFor();
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.getByText('This page has lost Carryover').waitFor({ state: 'hidden' });

    await page.getByRole('checkbox', { name: 'Wallpaper', checked: false }).waitFor();
  });
});

test('a refused choice says why and can be tried again', async () => {
  const agent = anAgent(CHOOSE);
  let refusals = 1;
  const choose = agent.answers['PUT /api/restore/choice'] as (asked: Asked) => unknown;
  const answers: Answers = {
    ...agent.answers,
    'PUT /api/restore/choice': (asked: Asked) =>
      refusals-- > 0
        ? new Answer(503, { error: { code: 'serviceUnreachable', message: 'The service does not answer.' } })
        : choose(asked),
  };
  await onPage(answers, async (page) => {
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('alert').getByText('The service does not answer.').waitFor();
    await page.getByRole('button', { name: 'Continue' }).click();

    await page.getByRole('heading', { name: 'You can go on to the desktop' }).waitFor();
  });
});

test('everything is taken back only after the person confirms', async () => {
  const agent = anAgent(done(TWO_LEFT));
  await onPage(agent.answers, async (page, server) => {
    await page.getByRole('button', { name: 'Undo everything' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Keep everything' }).click();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    assert.deepEqual(changes(server), []);
    await page.getByRole('button', { name: 'Undo everything' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Undo everything' }).click();

    await page.getByRole('heading', { name: 'Everything is as it was' }).waitFor();
    assert.deepEqual(changes(server), [['POST', '/api/undo', undefined]]);
  });
});

test('quality updates are installed by keyboard, told as they go, and the page goes on by itself', async () => {
  const agent = anAgent(tooOld());
  await onPage(agent.answers, async (page, server) => {
    await isFocused(page, "This PC can't restore");
    await reach(page, 'button', 'Install quality updates');
    await page.keyboard.press('Enter');
    const status = page.getByRole('region', { name: 'Quality updates' }).getByRole('status');
    await status.getByText('Looking for quality updates').waitFor();
    await getsFocus(page, page.getByRole('button', { name: 'Install quality updates', disabled: true }));
    await page.keyboard.press('Enter');

    agent.stage = tooOld({ how: 'installing' });
    await status.getByText('Installing quality updates.').waitFor();
    agent.stage = tooOld({ how: 'restart' });
    await status.getByText('Restart this PC, then open this page again.').waitFor();
    agent.stage = CHOOSE;
    await isFocused(page, 'Bring over your settings and apps?');

    assert.deepEqual(changes(server), [['POST', '/api/restore/update-system', undefined]]);
  });
});

test('the language changes at once, and titles are asked for in it', async () => {
  await onPage(saying(CHOOSE), async (page, server) => {
    const inGerman = page.waitForResponse('**/api/restore?language=de');
    await page.getByRole('button', { name: 'Deutsch' }).click();
    await inGerman;

    await page.getByRole('heading', { name: 'Ihre Einstellungen und Apps übernehmen?' }).waitFor();
    assert.equal(await page.locator('html').getAttribute('lang'), 'de');
    const asked = server.asked.filter(({ path }) => path === '/api/restore').map(({ query }) => query.get('language'));
    assert.deepEqual([...new Set(asked)], ['en', 'de']);
  });
});

test('a German browser is spoken to in German from the start', async () => {
  await onPage(
    saying(CHOOSE),
    async (page) => {
      await page.getByText('Wir haben drei Ihrer früheren Geräte gefunden.').waitFor();
      await page.getByText('Gestern um 09:51 · 41 Einstellungen, 23 Apps').waitFor();
    },
    GERMAN,
  );
});

/** An agent whose restore goes on as the page asks for it. */
function anAgent(start: RestoreStage, mode: 'setup' | 'demand' = 'setup') {
  const agent = { stage: start };
  const view = () => aView(agent.stage, { mode });
  const goTo = (stage: RestoreStage, status: number) => () => {
    agent.stage = stage;
    return new Answer(status, status === 200 ? view() : undefined);
  };
  const answers = saying(start, {
    'GET /api/restore': view,
    'GET /api/restore/plan': ({ query }: Asked) => ({
      ...(saying(start)['GET /api/restore/plan'] as object),
      ...(query.get('seq') === null ? {} : { seq: Number(query.get('seq')) }),
    }),
    'POST /api/restore/sign-in': () => ({ url: '/sign-in.html' }),
    'PUT /api/restore/choice': goTo(DECIDED, 200),
    'POST /api/restore/apply': goTo(running(), 202),
    'POST /api/restore/update-system': goTo(tooOld({ how: 'looking' }), 202),
    'POST /api/undo': goTo(done(items(3), { undone: { back: 3, kept: [], failed: [], appsStay: 0 } }), 202),
    'POST /api/leave': () => new Answer(204),
  });
  return Object.assign(agent, { answers });
}

async function onPage(
  answers: Answers,
  walk: (page: Page, server: PageServer) => Promise<void>,
  look: Look = LIGHT,
): Promise<void> {
  const server = await servePages(answers);
  const shown = await showPage(browser, { url: `${server.url}/restore`, look, now: NOW });
  const { page } = shown;
  await page.route('**/sign-in.html', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: '<html lang="en"><title>Sign-in</title><h1>At the sign-in</h1></html>',
    }),
  );
  try {
    await walk(page, server);
    shown.isHealthy();
  } finally {
    await shown.close();
    await server.stop();
  }
}

function changes({ asked }: PageServer): [string, string, unknown][] {
  return asked.filter(({ method }) => method !== 'GET').map(({ method, path, body }) => [method, path, body]);
}
