/**
 * A Chromium for tests that is started as a person's is, by its name in $BROWSER: without a screen, and heard over a
 * port, so that a test sees what the window shows.
 *
 * The switch that lets it run as root, where a test runs as root, is in this script and nowhere in the agent.
 */

import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

/** Makes the script below `folder`; its path is what $BROWSER is to say. Its arguments are noted beside it. */
export async function chromiumScript(folder: string): Promise<string> {
  const bin = join(folder, 'browser');
  await mkdir(bin, { recursive: true });
  const script = join(bin, 'chromium');
  const noSandbox = process.getuid?.() === 0 ? '--no-sandbox' : '';
  await writeFile(
    script,
    `#!/bin/sh\nprintf '%s\\n' "$@" > '${bin}/unfinished' && mv '${bin}/unfinished' '${bin}/arguments'\nexec /usr/bin/chromium --headless --remote-debugging-port=0 ${noSandbox} "$@"\n`,
  );
  await chmod(script, 0o755);
  return script;
}

/** What the script was last called with. */
export async function argumentsOf(script: string): Promise<string[]> {
  return (await readFile(join(script, '..', 'arguments'), 'utf8')).trimEnd().split('\n');
}

/** The port file is written by Chromium once it listens; undefined before. */
export async function connectTo(profile: string): Promise<Browser | undefined> {
  const file = await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '');
  const [port, path] = file.split('\n');
  return port === undefined || path === undefined
    ? undefined
    : chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`);
}
