/**
 * The admin center of a service of its own, in a real Chromium: what every story of an administrator begins with.
 *
 * Times and words are those of one place, whatever the machine says; nothing moves. `close` ends all that was started.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { setUpOrganization } from './administrator.ts';
import { startChromium } from './page-look.ts';
import { type ServiceProcess, startService } from './service-process.ts';
import { watchRequests } from './waiting.ts';

export interface AdminCenter {
  /** Holds the service's data; and what a story keeps. */
  readonly folder: string;
  readonly service: ServiceProcess;
  readonly browser: Browser;
  /** Where the administrator is signed in. */
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the page threw or told the console. That an answer was a refusal is the story's wish, and left out. */
  readonly faults: readonly string[];
  close(): Promise<void>;
}

/** Longer than a loaded machine needs. */
const MAX_WAIT_MS = 20_000;

/** On Home of a new organization; on an empty page of a service without one when `setUp` is false. */
export async function openAdminCenter({ setUp = true } = {}): Promise<AdminCenter> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-admin-'));
  let service: ServiceProcess | undefined;
  let browser: Browser | undefined;
  const close = async () => {
    await browser?.close();
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    service = await startService({ folder });
    browser = await startChromium();
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
      reducedMotion: 'reduce',
    });
    context.on('page', watchRequests);
    const page = await context.newPage();
    page.setDefaultTimeout(MAX_WAIT_MS);
    const faults = faultsOf(page);
    if (setUp) await setUpOrganization(page, service);
    return { folder, service, browser, context, page, faults, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function faultsOf(page: Page): readonly string[] {
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    const refused = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !refused) faults.push(message.text());
  });
  return faults;
}
