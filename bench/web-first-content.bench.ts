/**
 * How long it takes until the restore page shows its first content, against a page of one word: both from the same server,
 * in the same browser, in turns, each in a browser context of its own, so that nothing is kept from before.
 *
 * The time is the browser's own first contentful paint. The agent behind the page is a sample that answers at once.
 */

import type { Browser } from 'playwright-core';
import { startChromium } from '../e2e/testing/page-look.ts';
import { type PageServer, servePages } from '../e2e/testing/page-server.ts';
import { checks, saying } from '../e2e/testing/restore-samples.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';

const RUNS = 15;

const FIRST_CONTENTFUL_PAINT = `new Promise((resolve) => {
  new PerformanceObserver((list) => {
    const [paint] = list.getEntriesByName('first-contentful-paint');
    if (paint !== undefined) resolve(paint.startTime);
  }).observe({ type: 'paint', buffered: true });
})`;

const BLANK = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Blank</title><p>Blank</p></html>';

export const benchmark: Benchmark = {
  name: 'web-first-content',
  against: 'a page of one word',
  unit: 'ms',
  promise: { atMost: 1.5 },
  async run() {
    const server = await servePages(saying(checks(['passed', 'passed', 'passed', 'running'])), { '/blank': BLANK });
    const browser = await startChromium();
    try {
      return await interleave({
        runs: RUNS,
        ours: () => firstContentMs(browser, server, '/restore'),
        theirs: () => firstContentMs(browser, server, '/blank'),
      });
    } finally {
      await browser.close();
      await server.stop();
    }
  },
};

/** Milliseconds from asking for the page to its first contentful paint. Errors: Error when the page goes away before. */
async function firstContentMs(browser: Browser, { url }: PageServer, path: string): Promise<number> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${url}${path}`, { waitUntil: 'commit' });
    // The browser tells it when it has painted, also when that was before we asked.
    return Number(await page.evaluate(FIRST_CONTENTFUL_PAINT));
  } finally {
    await context.close();
  }
}
