/**
 * How much a browser must bring before a page's first content is there, against what we allow: page, scripts, styles and
 * fonts that a real Chromium asked for, each as gzip makes it (fonts are compressed already).
 *
 * What is measured are the stories marked `firstLoad`; the ratio is that of the page nearest to its bound.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { showPage, startChromium } from '../e2e/testing/page-look.ts';
import { servePages } from '../e2e/testing/page-server.ts';
import { allStories, NOW, type PageStory } from '../e2e/testing/page-story.ts';
import type { Benchmark } from './benchmark.ts';

const DIST = join(import.meta.dirname, '..', 'web', 'dist');

/** In bytes after gzip. */
const BOUNDS = { restore: 150_000, admin: 300_000 } as const;

export const benchmark: Benchmark = {
  name: 'web-size',
  against: '150 kB (restore page) and 300 kB (admin center), gzip',
  unit: 'kB',
  promise: { atMost: 1 },
  async run() {
    const stories = (await allStories()).filter(({ firstLoad }) => firstLoad === true);
    const browser = await startChromium();
    try {
      const loads = [];
      for (const page of ['restore', 'admin'] as const) {
        const told = stories.filter(({ address }) => address.startsWith(`/${page}`));
        if (told.length === 0) throw new Error(`No story of the page "${page}" is marked firstLoad`);
        for (const story of told) loads.push(await loadOf(browser, page, story));
      }
      const [nearest] = loads.toSorted((a, b) => b.ratio - a.ratio);
      if (nearest === undefined) throw new Error('nothing was loaded');
      return { ratio: nearest.ratio, median: nearest.bytes / 1000, runs: loads.length };
    } finally {
      await browser.close();
    }
  },
};

interface Load {
  readonly bytes: number;
  readonly ratio: number;
}

/** Opens the page with nothing kept from before, and sums what it asked for until the story is ready. */
async function loadOf(browser: Browser, page: keyof typeof BOUNDS, story: PageStory): Promise<Load> {
  const { address, answers, now = NOW, sessionStorage = {}, ready } = story;
  const server = await servePages(answers);
  const shown = await showPage(browser, { url: 'about:blank', sessionStorage, now });
  const paths = new Set<string>();
  shown.page.on('request', (request) => paths.add(new URL(request.url()).pathname));
  try {
    await shown.page.goto(`${server.url}${address}`);
    await ready(shown.page);
    // Fonts are asked for when the first words are drawn.
    await shown.page.evaluate('document.fonts.ready.then(() => undefined)');
    const assets = [...paths].filter((path) => path.startsWith('/assets/'));
    const bytes = [`/${page}.html`, ...assets].reduce((sum, path) => sum + gzipBytesOf(path), 0);
    return { bytes, ratio: bytes / BOUNDS[page] };
  } finally {
    await shown.close();
    await server.stop();
  }
}

/** Fonts and pictures are sent as they are. */
function gzipBytesOf(path: string): number {
  const content = readFileSync(join(DIST, path));
  return /\.(woff2|png)$/.test(path) ? content.length : gzipSync(content, { level: 9 }).length;
}
