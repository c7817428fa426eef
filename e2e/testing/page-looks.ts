/**
 * What every page must pass, in a real Chromium: no violation that axe finds in light, dark and forced colours, and no
 * sideways scrolling, neither on 320 pixels nor at 200 % zoom.
 *
 * With CARRYOVER_SCREENSHOTS set to a folder, what was seen is kept there.
 */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const LOOKS = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  forced: { colorScheme: 'dark', forcedColors: 'active' },
} as const;

/** Sizes in CSS pixels; 200 % zoom of a window of 1440 x 900 leaves half of it, with two device pixels each. */
const SIZES = {
  usual: { width: 1000, height: 760 },
  narrow: { width: 320, height: 640 },
  zoomed: { width: 720, height: 450 },
};

/** Checks the page as it stands, without touching what is typed in. Errors: AssertionError naming look, rule and place. */
export async function checkPage(page: Page, name: string): Promise<void> {
  for (const [look, media] of Object.entries(LOOKS)) {
    await page.emulateMedia(media);
    await keepPictures(page, `${name}-${look}`);
    // Narrow, where most can go wrong: nothing is left out there.
    await page.setViewportSize(SIZES.narrow);
    // In the page itself: it has no frames, and a second page for every look would take most of the time.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${name}, ${look}: ${id} ${html}`));
    assert.deepEqual(found, []);
  }
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    assert.ok(width <= viewport.width, `${name}, ${size}: ${width} wide on ${viewport.width}`);
  }
  await page.setViewportSize(SIZES.usual);
  await page.emulateMedia(LOOKS.light);
}

async function keepPictures(page: Page, name: string): Promise<void> {
  const folder = process.env['CARRYOVER_SCREENSHOTS'];
  if (folder === undefined) return;
  for (const size of ['usual', 'narrow'] as const) {
    await page.setViewportSize(SIZES[size]);
    const path = join(folder, `${name}${size === 'usual' ? '' : `-${size}`}.png`);
    await page.screenshot({ path, fullPage: true });
  }
}
