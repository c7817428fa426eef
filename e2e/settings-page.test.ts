/**
 * What a person does on the settings page, in a real Chromium and by keyboard: a switch keeps the focus while it is told,
 * a backup is begun and stopped, a restore taken back. How the page looks is told by page-stories.test.ts.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { SettingsView, SwitchBody } from '../model/src/local-pages.ts';
import { aSettingsView, aSwitch } from '../web/testing/settings-views.ts';
import { getsFocus, reach } from './testing/keyboard.ts';
import { showPage, startChromium } from './testing/page-look.ts';
import { Answer, type Asked, servePages } from './testing/page-server.ts';
import { NOW } from './testing/page-story.ts';

let browser: Browser;
before(async () => {
  browser = await startChromium();
});
after(() => browser?.close());

const undo = { from: 'AUE-LT-0417', restoredAt: '2026-11-23T09:34:00Z', until: '2026-12-23T09:34:00Z' };

/** An agent whose switches, backup and undo do what they say; what was changed is in the order of asking. */
async function onPage(start: SettingsView, walk: (page: Page, changes: readonly unknown[]) => Promise<void>) {
  let view = start;
  const changes: unknown[] = [];
  const doing = (name: string, next: () => SettingsView) => () => {
    changes.push(name);
    view = next();
    return new Answer(202);
  };
  const server = await servePages({
    'GET /api/settings': () => view,
    'PUT /api/preferences': ({ body }: Asked) => {
      const { toggle, on } = body as SwitchBody;
      changes.push([toggle, on]);
      view = {
        ...view,
        categories: view.categories.map((each) => (each.category === toggle ? aSwitch(toggle, { on }) : each)),
      };
      return view;
    },
    'POST /api/backup': doing('back up', () => ({
      ...view,
      backup: { ...view.backup, running: { step: 'send', startedAt: NOW } },
    })),
    'DELETE /api/backup': doing('stop', () => start),
    'GET /api/undo': () => ({ ...undo, back: 36, kept: [], appsStay: 0 }),
    'POST /api/undo': doing('undo', () => aSettingsView({ undone: { back: 36, kept: [], failed: [], appsStay: 0 } })),
  });
  const shown = await showPage(browser, { url: `${server.url}/settings`, now: NOW });
  try {
    await shown.page.getByRole('switch').first().waitFor();
    await walk(shown.page, changes);
    assert.equal(await shown.page.getByText('That did not work').count(), 0);
    shown.isHealthy();
  } finally {
    await shown.close();
    await server.stop();
  }
}

test('a switch is moved there and back by keyboard without losing its place', () =>
  onPage(aSettingsView(), async (page, changes) => {
    await reach(page, 'switch', 'Accessibility');
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: 'Accessibility', checked: false }).waitFor();
    await getsFocus(page, page.getByRole('switch', { name: 'Accessibility', exact: true }));
    await page.keyboard.press('Space');
    await page.getByRole('switch', { name: 'Accessibility', checked: true }).waitFor();

    await getsFocus(page, page.getByRole('switch', { name: 'Accessibility', exact: true }));
    assert.deepEqual(changes, [
      ['accessibility', false],
      ['accessibility', true],
    ]);
  }));

test('a backup is begun and stopped by keyboard, at one and the same place', () =>
  onPage(aSettingsView(), async (page, changes) => {
    await reach(page, 'button', 'Back up now');
    await page.keyboard.press('Enter');
    await getsFocus(page, page.getByRole('button', { name: 'Stop', exact: true }));
    await page.keyboard.press('Enter');
    await getsFocus(page, page.getByRole('button', { name: 'Back up now', exact: true }));

    assert.deepEqual(changes, ['back up', 'stop']);
  }));

test('a restore is taken back by keyboard, after the question was answered', () =>
  onPage(aSettingsView({ undo }), async (page, changes) => {
    await reach(page, 'button', 'Undo');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('36 settings go back to what they were.').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    await getsFocus(page, page.getByRole('button', { name: 'Undo', exact: true }));
    assert.deepEqual(changes, []);

    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await reach(page, 'button', 'Cancel');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('36 settings are back').waitFor();
    assert.deepEqual(changes, ['undo']);
  }));
