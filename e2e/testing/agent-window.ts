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
  /** The same, whatever became of it. */
  [Symbol.asyncDispose](): Promise<void>;
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
  const [context] = browser.contexts();
  if (context === undefined) throw new Error('The window has no profile.');
  // Chromium listens a moment before it has opened its window.
  const page = context.pages()[0] ?? (await context.waitForEvent('page'));
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
  let closing: Promise<Ran> | undefined;
  function close(): Promise<Ran> {
    closing ??= asked();
    return closing;
  }
  /** It may be closing already, and then does not answer any more: that the command ends tells. */
  async function asked(): Promise<Ran> {
    const session = await browser.newBrowserCDPSession().catch(() => undefined);
    await session?.send('Browser.close').catch(() => undefined);
    return ended;
  }
  return { page, ended, close, [Symbol.asyncDispose]: async () => void (await close()) };
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
