/**
 * Pages in a real Chromium, as different people see them: light, dark, forced colours, English, German.
 *
 * Whatever a page gets wrong behind the scenes counts: what its policy refused, what it asked of others, errors it threw.
 */

import assert from 'node:assert/strict';
import { type Browser, chromium, type Page } from 'playwright-core';

/** How somebody sees a page. */
export interface Look {
  readonly name: string;
  readonly colorScheme: 'light' | 'dark';
  readonly forcedColors: 'none' | 'active';
  readonly language: 'en' | 'de';
  /** From where lines of text begin; left to right unless given. */
  readonly direction?: 'rtl';
}

export const LIGHT: Look = { name: 'light', colorScheme: 'light', forcedColors: 'none', language: 'en' };
export const DARK: Look = { name: 'dark', colorScheme: 'dark', forcedColors: 'none', language: 'de' };
export const FORCED: Look = { name: 'forced colours', colorScheme: 'dark', forcedColors: 'active', language: 'en' };
export const LOOKS: readonly Look[] = [LIGHT, DARK, FORCED];

const WINDOW = { width: 1440, height: 900 };
const TIME_ZONE = 'Europe/Berlin';
const LOCALES = { en: 'en-GB', de: 'de-DE' } as const;

export function startChromium(): Promise<Browser> {
  // Root may start Chromium without its sandbox only; what it opens here is our own.
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
  });
}

export interface ShownPage {
  readonly page: Page;
  /** Errors: AssertionError, naming what the policy refused, what was asked of others, and what was thrown. */
  isHealthy(): void;
  close(): Promise<void>;
}

export interface Shown {
  readonly url: string;
  readonly look?: Look;
  readonly window?: { readonly width: number; readonly height: number };
  /** The moment the page believes it is, so that "yesterday" stays yesterday. */
  readonly now?: string;
  /** In the page's session storage from the start. */
  readonly sessionStorage?: Readonly<Record<string, string>>;
}

export async function showPage(browser: Browser, shown: Shown): Promise<ShownPage> {
  const { url, look = LIGHT, window = WINDOW, now, sessionStorage = {} } = shown;
  const { colorScheme, forcedColors, language, direction } = look;
  const context = await browser.newContext({
    colorScheme,
    forcedColors,
    locale: LOCALES[language],
    timezoneId: TIME_ZONE,
    viewport: window,
    // Nothing moves in a picture, and a check sees what stays.
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  if (direction !== undefined) await writeFrom(page, direction);
  const faults: string[] = [];
  const { origin } = new URL(url);
  page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
  page.on('console', (message) => {
    // That an answer was a refusal is the story's wish; the page deals with it.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(`told the console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (['http:', 'https:'].includes(asked.protocol) && asked.origin !== origin) faults.push(`asked ${asked.origin}`);
  });
  if (now !== undefined) await page.clock.setFixedTime(now);
  for (const [name, value] of Object.entries(sessionStorage))
    await page.addInitScript(`sessionStorage.setItem(${JSON.stringify(name)}, ${JSON.stringify(value)})`);
  await page.goto(url);
  return {
    page,
    isHealthy: () => assert.deepEqual(faults, []),
    close: () => context.close(),
  };
}

/** Gives every page from now on this direction before it runs, as it would itself in a language that is written so. */
export async function writeFrom(page: Page, direction: 'ltr' | 'rtl'): Promise<void> {
  await page.addInitScript(`
    const turn = () => document.documentElement?.setAttribute('dir', '${direction}');
    new MutationObserver(turn).observe(document, { childList: true });
    turn();
  `);
}
