/**
 * Every story of a page, as light, dark and forced colours show it, in English and German: nothing that axe finds, nothing
 * that the policy refused, nothing asked of others, no scrolling sideways, a name for every stop of the Tab key.
 */

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { hasNoBarrier, scrollsNotSideways, stopsByTab } from './testing/page-checks.ts';
import { DARK, LIGHT, LOOKS, type Look, type ShownPage, showPage, startChromium } from './testing/page-look.ts';
import { servePages } from './testing/page-server.ts';
import { allStories, NOW, type PageStory } from './testing/page-story.ts';

const stories = await allStories();

let browser: Browser;
before(async () => {
  browser = await startChromium();
});
after(() => browser?.close());

async function tell(story: PageStory, look: Look, check: (shown: ShownPage) => Promise<void>): Promise<void> {
  const { address, answers, ready, now = NOW, sessionStorage } = story;
  const server = await servePages(answers);
  const shown = await showPage(browser, {
    url: `${server.url}${address}`,
    look,
    now,
    ...(sessionStorage === undefined ? {} : { sessionStorage }),
  });
  try {
    await ready(shown.page);
    await check(shown);
    shown.isHealthy();
  } finally {
    await shown.close();
    await server.stop();
  }
}

test('every story has a name of its own', () => {
  const names = stories.map(({ name }) => name);
  assert.ok(names.length >= 3);
  assert.deepEqual([...new Set(names)], names);
});

for (const story of stories) {
  for (const look of LOOKS) {
    test(`${story.name}: no barrier in ${look.name}`, () =>
      tell(story, look, ({ page }) => hasNoBarrier(page, story.name)));
  }

  test(`${story.name}: fits 320 px and 200 % zoom, in German`, () =>
    tell(story, { ...DARK, name: 'narrow' }, ({ page }) => scrollsNotSideways(page, story.name)));

  test(`${story.name}: every stop of the Tab key has a name`, () =>
    tell(story, LIGHT, async ({ page }) => {
      const stops = await stopsByTab(page);
      assert.deepEqual(
        stops.filter((stop) => /""$/.test(stop)),
        [],
      );
    }));
}
