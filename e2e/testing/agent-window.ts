/**
 * The window that the agent opens on a device, as the person at it sees it: a real Chromium started by the agent itself,
 * with its bootstrap file and its fresh profile, and heard over a port.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { argumentsOf, chromiumScript, connectTo } from '../../agent/testing/test-chromium.ts';
import type { Device } from './device.ts';
import type { Ran } from './run-program.ts';

const MAX_OPEN_MS = 60_000;

export interface AgentWindow {
  readonly page: Page;
  /** The command that opened it, once it has ended. */
  readonly ended: Promise<Ran>;
  /** Closes the window as a person does and waits for the command. */
  close(): Promise<Ran>;
}

/** Runs a command of the agent that opens a page. Errors: Error with what it printed when no window comes. */
export async function openedBy(device: Device, ...args: readonly string[]): Promise<AgentWindow> {
  const script = await chromiumScript(device.home.replace(/home$/, `windows-${args[0]}`));
  const [program, ...first] = device.agentCommand;
  let over: Ran | undefined;
  const ended = device.run(program ?? '', [...first, ...args], { env: { BROWSER: script } }).then((ran) => {
    over = ran;
    return ran;
  });
  const browser = await connected(script, () => over);
  const [page] = browser.contexts().flatMap((context) => context.pages());
  if (page === undefined) throw new Error('The window has no page.');
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
  return {
    page,
    ended,
    async close() {
      await browser.newBrowserCDPSession().then((session) => session.send('Browser.close'));
      return ended;
    },
  };
}

/** The profile is named on the command line that the script notes; Chromium writes there where it listens. */
async function connected(script: string, over: () => Ran | undefined): Promise<Browser> {
  for (const endAtMs = performance.now() + MAX_OPEN_MS; performance.now() < endAtMs; await delay(50)) {
    const ran = over();
    if (ran !== undefined) throw new Error(`The command ended without a window: ${ran.stdout}${ran.stderr}`);
    const given = await argumentsOf(script).catch(() => []);
    const profile = given.find((one) => one.startsWith('--user-data-dir='))?.slice('--user-data-dir='.length);
    const browser = profile === undefined ? undefined : await connectTo(profile);
    if (browser !== undefined) return browser;
  }
  throw new Error('No window came in time.');
}
