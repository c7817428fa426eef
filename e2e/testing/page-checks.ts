/**
 * What every page must keep, whatever it shows: no barrier that axe finds, no scrolling sideways at 320 px or 200 % zoom,
 * and a name for everything that the Tab key reaches.
 *
 * With CARRYOVER_SCREENSHOTS set to a folder, checkPage keeps there what it saw.
 */

import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { LIGHT, LOOKS, type Look } from './page-look.ts';
import { hasAll, isLaidOut, resize } from './waiting.ts';

/** A phone held upright, and a window of 1440 x 900 at 200 %. */
const SMALL_WINDOWS = [
  { width: 320, height: 640 },
  { width: 720, height: 450 },
] as const;

const USUAL_WINDOW = { width: 1000, height: 760 };

/**
 * Fluent's focus keeper puts these at the ends of a group; focus that comes there moves on at once, which axe cannot see.
 * stopsByTab sees it: a sentinel that kept the focus would be a stop without a name.
 */
const SENTINEL = '[data-tabster-dummy]';

/** More stops than any page has. */
const MAX_STOPS = 200;

/**
 * Both checks on a page as it stands, in every look, without touching what is typed in or where the focus is.
 *
 * Errors: AssertionError naming page, look, rule and place.
 */
export async function checkPage(page: Page, name: string): Promise<void> {
  // One that lies behind another is drawn when the browser likes.
  await page.bringToFront();
  await hasAll(page);
  for (const look of LOOKS) {
    await see(page, look);
    await keepPictures(page, `${name}-${look.name}`);
    // Narrow, where most can go wrong: nothing is left out there.
    await resize(page, SMALL_WINDOWS[0]);
    await hasNoBarrier(page, `${name}, ${look.name}`);
  }
  await scrollsNotSideways(page, name);
  await resize(page, USUAL_WINDOW);
  await see(page, LIGHT);
}

async function see(page: Page, { colorScheme, forcedColors }: Look): Promise<void> {
  // Colours would fade from one look into the next, and be judged half way.
  await page.emulateMedia({ colorScheme, forcedColors, reducedMotion: 'reduce' });
  await isLaidOut(page);
}

async function keepPictures(page: Page, name: string): Promise<void> {
  const folder = process.env['CARRYOVER_SCREENSHOTS'];
  if (folder === undefined) return;
  for (const [size, window] of Object.entries({ '': USUAL_WINDOW, '-narrow': SMALL_WINDOWS[0] })) {
    await resize(page, window);
    await page.screenshot({ path: join(folder, `${name}${size}.png`), fullPage: true });
  }
}

/** Errors: AssertionError that begins with `name`, with each violation, its place and what to do. */
export async function hasNoBarrier(page: Page, name: string): Promise<void> {
  // In the page itself: ours have no frames, and a second page for every look would take most of the time.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().exclude(SENTINEL).analyze();
  const found = violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${name}: ${id} (${help}) at ${target.join(' ')}: ${failureSummary}`),
  );
  assert.deepEqual(found, []);
}

/** Errors: AssertionError that begins with `name` and names what is too wide. The window has its size back afterwards. */
export async function scrollsNotSideways(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  for (const window of SMALL_WINDOWS) {
    await resize(page, window);
    assert.deepEqual(await tooWide(page), [], `${name}: wider than a window of ${window.width} px`);
  }
  if (before !== null) await resize(page, before);
}

/**
 * Presses Tab from the top of the page until it comes round, and tells what was reached, e.g. 'button "Back up now"'.
 *
 * Errors: AssertionError for a stop without role or name.
 */
export async function stopsByTab(page: Page): Promise<readonly string[]> {
  const stops: string[] = [];
  const marks = new Set<string>();
  await startAtTop(page);
  for (let count = 0; count < MAX_STOPS; count += 1) {
    await page.keyboard.press('Tab');
    const mark = await markFocused(page, randomUUID());
    if (mark === undefined || marks.has(mark)) break;
    marks.add(mark);
    const [first = ''] = (await page.locator(':focus').ariaSnapshot()).split('\n');
    const stop = stopFrom(first);
    assert.ok(stop !== undefined, `Tab reaches something without role or name: ${first} (${await outline(page)})`);
    stops.push(stop);
  }
  return stops;
}

/** 'button "Copy"' from '- button "Copy" [pressed]'; what opens details is told by its words, it has no role. */
function stopFrom(line: string): string | undefined {
  const [, opens] = /^- text: (.+)$/.exec(line) ?? [];
  if (opens !== undefined) return `summary "${opens}"`;
  return /^- '?(\w+ "(?:[^"\\]|\\.)+")/.exec(line)?.[1];
}

async function outline(page: Page): Promise<string> {
  const html = await page.locator(':focus').evaluate(({ outerHTML }) => outerHTML);
  return html.slice(0, 300);
}

/** The next Tab starts at the top, wherever the focus was. */
function startAtTop(page: Page): Promise<void> {
  return page.locator('body').evaluate((body) => {
    body.setAttribute('tabindex', '-1');
    body.focus();
    body.removeAttribute('tabindex');
  });
}

/** A mark that stays with the focused element, the given one when it has none; undefined when the focus has left the page. */
function markFocused(page: Page, given: string): Promise<string | undefined> {
  return page.locator('body').evaluate((body, fresh) => {
    const { activeElement } = body.ownerDocument;
    if (activeElement === null || activeElement === body) return undefined;
    const mark = activeElement.getAttribute('data-tab-stop') ?? fresh;
    activeElement.setAttribute('data-tab-stop', mark);
    return mark;
  }, given);
}

/** The innermost elements that stick out, when the page scrolls sideways at all. */
function tooWide(page: Page): Promise<readonly string[]> {
  return page.locator('html').evaluate((html) => {
    const body = html.ownerDocument.body;
    const width = html.clientWidth;
    if (html.scrollWidth <= width && body.scrollWidth <= width) return [];
    const wide = [...body.querySelectorAll('*')].filter((element) => {
      const { right, left } = element.getBoundingClientRect();
      return right > width + 1 || left < -1 || element.scrollWidth > width + 1;
    });
    return wide.slice(-5).map(({ outerHTML }) => outerHTML.slice(0, 160));
  });
}
