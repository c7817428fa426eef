/**
 * What stories wait for, so that nothing is read, judged or pressed before it is there: a value that comes later, the page
 * that answers a form, a page that has what it asked for and is laid out for its window.
 *
 * Nothing here waits for a time to pass, and nothing evaluates text in a page for long: their policy forbids it.
 */

import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page, Request } from 'playwright-core';

/** Longer than a loaded machine needs. */
const MAX_WAIT_MS = 20_000;

/** Far longer than any page takes to be laid out anew. */
const MAX_LAYOUT_MS = 5_000;

/** Between two looks. */
const LOOK_EVERY_MS = 20;

/** Reads until it is what is expected. Errors: AssertionError with what it was last. */
export async function becomes<Value>(read: () => Promise<Value>, expected: NoInfer<Value>): Promise<void> {
  const until = performance.now() + MAX_WAIT_MS;
  for (;;) {
    const value = await read();
    try {
      return assert.deepEqual(value, expected);
    } catch (error) {
      if (performance.now() > until) throw error;
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** Does what sends a form or follows a link, until the page that answers is loaded whole. Errors: TimeoutError when none comes. */
export async function answered(page: Page, act: () => Promise<unknown>): Promise<void> {
  const loaded = page.waitForEvent('load');
  // Heard below; what the deed throws comes first.
  loaded.catch(() => undefined);
  await act();
  await loaded;
}

/** What each watched page asked for and has not got. */
const asked = new WeakMap<Page, Set<Request>>();

/** From now on what this page asks for is known, for `hasAll`. Before its first address. */
export function watchRequests(page: Page): void {
  const open = new Set<Request>();
  asked.set(page, open);
  page.on('request', (request) => {
    // With another page whatever the one before still waited for is forgotten by the browser.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) open.clear();
    open.add(request);
  });
  page.on('requestfinished', (request) => open.delete(request));
  page.on('requestfailed', (request) => open.delete(request));
}

/** Until a page has all it asked for, drawn; what it asks for when it has that counts as well. One that nobody watches has all. */
export async function hasAll(page: Page): Promise<void> {
  const open = asked.get(page) ?? new Set<Request>();
  const until = performance.now() + MAX_WAIT_MS;
  for (;;) {
    while (open.size > 0) {
      if (performance.now() > until)
        throw new Error(`The page still waits for ${[...open].map((request) => request.url()).join(', ')}`);
      await delay(LOOK_EVERY_MS);
    }
    await isLaidOut(page);
    if (open.size === 0) return;
  }
}

/** Gives the page another window, until its rules for that window hold and it is laid out. */
export async function resize(page: Page, window: { readonly width: number; readonly height: number }): Promise<void> {
  // A rule of ours tells: Chromium decides anew which rules hold for all of them at once, on a busy machine some frames late.
  const name = `${window.width}x${window.height}`;
  const rule = `@media (width: ${window.width}px) and (height: ${window.height}px) { :root { --window: ${name} } }`;
  const told = () =>
    page.locator('html').evaluate((html) => {
      const style = html.ownerDocument.defaultView.getComputedStyle(html);
      return style.getPropertyValue('--window').trim() as string;
    });
  await page.locator('html').evaluate(({ ownerDocument: document }, text) => {
    const sheet = new document.defaultView.CSSStyleSheet();
    sheet.replaceSync(text);
    const isAnother = ({ cssRules: [first] }: Sheet) => !first?.cssText.includes('--window');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets.filter(isAnother), sheet];
  }, rule);
  await told();
  await page.setViewportSize(window);
  await becomes(told, name);
  await isLaidOut(page);
}

/** Until the page lies still, in the colours it keeps. What still moves after some seconds is left to whoever looks at it. */
export function isLaidOut(page: Page): Promise<void> {
  return page.locator('html').evaluate(async ({ ownerDocument: document }, maxMs) => {
    const { defaultView: window } = document;
    /** Where everything lies and in which colours, but for what turns without end; new for each look while anything moves. */
    const layout = () => {
      const running: Running[] = document.getAnimations().filter(({ playState }: Running) => playState === 'running');
      const isEndless = ({ effect }: Running) => effect.getComputedTiming().endTime === Number.POSITIVE_INFINITY;
      if (!running.every(isEndless)) return `moving at ${document.timeline.currentTime}`;
      return [...document.querySelectorAll('*')]
        .filter((element) => !running.some(({ effect: { target } }) => target?.contains(element)))
        .map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          const { color, backgroundColor } = window.getComputedStyle(element);
          return [x, y, width, height, color, backgroundColor].join(' ');
        })
        .join('\n');
    };
    /** A page hears of a change with its next frame, and acts on it in a turn of its own after that. */
    const frameAndTurn = () =>
      new Promise<void>((done) => {
        window.requestAnimationFrame(() => {
          const { port1, port2 } = new window.MessageChannel();
          port1.onmessage = () => done();
          port2.postMessage('');
        });
      });
    const until = performance.now() + maxMs;
    for (let before = ''; performance.now() < until; ) {
      await frameAndTurn();
      const now = layout();
      if (now === before) return;
      before = now;
    }
  }, MAX_LAYOUT_MS);
}

/** An animation, as far as it matters here. */
interface Running {
  readonly playState: string;
  readonly effect: {
    readonly target: { contains(element: unknown): boolean } | null;
    getComputedTiming(): { readonly endTime: number };
  };
}

interface Sheet {
  readonly cssRules: Iterable<{ readonly cssText: string }>;
}
