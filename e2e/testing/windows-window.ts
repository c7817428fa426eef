/**
 * The window that the agent opens on a Windows PC, as the person at it sees it: in Edge, or in the default browser where
 * no Edge is. A Chromium of this machine draws it and connects through a program on the PC (browser-in-windows.ts).
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { withoutSignature } from '../../scripts/windows/portable-executable.ts';
import { WINDOWS } from '../../scripts/windows-set-up.ts';
import type { ShownInWindows } from './browser-in-windows.ts';
import type { Ran } from './run-program.ts';
import type { WindowsAgent } from './windows-agent.ts';
import type { WindowsPc } from './windows-pc.ts';

const BROWSER = join(import.meta.dirname, 'browser-in-windows.ts');

/** Files of the web are then opened by the browser that stands in. */
export async function beDefaultBrowser(pc: WindowsPc): Promise<void> {
  const command = `"${pc.path(WINDOWS.node)}" "${pc.path(BROWSER)}" "%1"`;
  await pc.regAdd('HKLM\\Software\\Classes\\.html', '', 'REG_SZ', 'htmlfile');
  await pc.regAdd('HKLM\\Software\\Classes\\htmlfile\\shell\\open\\command', '', 'REG_SZ', command);
}

/** Makes the same as a program of its own, in `folder`; its path. */
export async function makeEdge(folder: string): Promise<string> {
  const at = (name: string) => join(folder, name);
  const target = `node${process.versions.node}`;
  const bundle = { bundle: true, platform: 'node', format: 'cjs', target } as const;
  await build({ entryPoints: [BROWSER], outfile: at('edge.cjs'), ...bundle });
  await writeFile(at('edge-node.exe'), withoutSignature(await readFile(WINDOWS.node)));
  const made = { main: 'edge.cjs', executable: 'edge-node.exe', output: 'msedge.exe' };
  await writeFile(at('edge.json'), JSON.stringify({ ...made, disableExperimentalSEAWarning: true }));
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  const child = spawn(process.execPath, ['--build-sea', 'edge.json'], { cwd: folder, stdio: [...stdio] });
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`Edge's stand-in could not be made: exit ${code}`);
  return at('msedge.exe');
}

/** Registers it as Edge's set-up does. */
export async function installEdge(pc: WindowsPc, edge: string): Promise<void> {
  await copyFile(edge, join(pc.driveC, 'msedge.exe'));
  const key = 'HKLM\\Software\\Microsoft\\Windows\\CurrentVersion\\App Paths\\msedge.exe';
  await pc.regAdd(key, '', 'REG_SZ', 'C:\\msedge.exe');
}

export interface WindowsWindow extends AsyncDisposable {
  readonly page: Page;
  /** How the browser was called. */
  readonly args: readonly string[];
  /** The file that led in, where it lies on this machine. */
  readonly file: string;
  /** The command that opened it, once it has ended. */
  readonly ended: Promise<Ran>;
  /** Closes the window as a person does. */
  close(): Promise<void>;
}

/**
 * Runs a command of the agent that opens a page, and shows it in a fresh context of `browser`.
 * Errors: Error with what the command printed when no window comes.
 */
export async function openedOnWindows(
  browser: Browser,
  { pc, program }: WindowsAgent,
  ...args: readonly string[]
): Promise<WindowsWindow> {
  const folder = join(pc.driveC, 'shown');
  const known = await namesIn(folder);
  const { ended } = await pc.start(program, args, { env: { LC_ALL: 'C.UTF-8' } });
  let over: Ran | undefined;
  void ended.then((ran) => {
    over = ran;
  });
  let name: string | undefined;
  while (name === undefined) {
    if (over !== undefined) throw new Error(`The command ended without a window: ${over.stdout}${over.stderr}`);
    await delay(20);
    name = (await namesIn(folder)).find((one) => !known.includes(one));
  }
  const shown: ShownInWindows = JSON.parse(await readFile(join(folder, name), 'utf8'));
  const window = connect({ port: shown.window, host: '127.0.0.1' });
  await once(window, 'connect');
  const proxy = { server: `socks5://127.0.0.1:${shown.proxy}`, bypass: '<-loopback>' };
  const context = await browser.newContext({ locale: 'en-GB', proxy });
  const close = async () => {
    await context.close();
    window.destroy();
  };
  const file = hereOf(pc, shown.args);
  const page = await context.newPage();
  await page.goto(`file://${file}`);
  await page.waitForURL(/^http:\/\/127\.0\.0\.1:/);
  return { page, args: shown.args, file, ended, close, [Symbol.asyncDispose]: close };
}

/** The only argument is a path of C:, or one of several is its address. */
function hereOf(pc: WindowsPc, args: readonly string[]): string {
  const [path = ''] = args.map((arg) => /^(?:--app=)?(?:file:\/\/\/)?[Cc]:[\\/](.*)$/.exec(arg)?.[1]).filter(Boolean);
  return fileURLToPath(new URL(`file://${pc.driveC}/${path.replaceAll('\\', '/')}`));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
