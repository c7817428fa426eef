/**
 * The window that the agent opens on a Windows PC, as the person at it sees it: in Edge, or in the default browser where
 * no Edge is. A Chromium of this machine draws it and connects through a program on the PC (browser-in-windows.ts).
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium, type Page } from 'playwright-core';
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

/** The same as a program of its own, which has registered itself as Edge does. */
export async function installEdge(pc: WindowsPc): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-edge-'));
  try {
    const at = (name: string) => join(folder, name);
    const target = `node${process.versions.node}`;
    await build({
      entryPoints: [BROWSER],
      outfile: at('edge.cjs'),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target,
    });
    await writeFile(at('node.exe'), withoutSignature(await readFile(WINDOWS.node)));
    const config = {
      main: 'edge.cjs',
      executable: 'node.exe',
      output: 'msedge.exe',
      disableExperimentalSEAWarning: true,
    };
    await writeFile(at('sea.json'), JSON.stringify(config));
    const child = spawn(process.execPath, ['--build-sea', 'sea.json'], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`Edge's stand-in could not be made: exit ${code}`);
    await copyFile(at('msedge.exe'), join(pc.driveC, 'msedge.exe'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
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

/** Runs a command of the agent that opens a page. Errors: Error with what it printed when no window comes. */
export async function openedOnWindows(
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
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-sync'],
    proxy: { server: `socks5://127.0.0.1:${shown.proxy}`, bypass: '<-loopback>' },
  });
  const close = async () => {
    await browser.close();
    window.destroy();
  };
  const file = hereOf(pc, shown.args);
  const page = await browser.newPage();
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
