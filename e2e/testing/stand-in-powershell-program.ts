/**
 * The stand-in for Windows PowerShell as a program: runs one script of Carryover's, with what the made-up PC shows in a
 * file beside it.
 *
 * Bundled as CommonJS, which awaits nothing at its top.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type StandInWindows, standInPowerShell } from '../../agent/testing/stand-in-powershell.ts';
import type { PowerShellState } from './stand-in-powershell.ts';

const FILE = join(dirname(process.execPath), 'stand-in-powershell.json');

async function answer(args: readonly string[]): Promise<void> {
  const { shown, start } = JSON.parse(readFileSync(FILE, 'utf8')) as PowerShellState;
  const pc: StandInWindows = { start, shown: { path: shown.path, content: Buffer.from(shown.content, 'base64') } };
  const files = {
    put: (path: string, content: Uint8Array) => writeFileSync(path, content),
    readFile: async (path: string) => readFileSync(path),
  };
  const run = { program: process.execPath, args, options: { env: process.env } };
  const answered = await standInPowerShell(run, files, pc);
  const content = Buffer.from(pc.shown?.content ?? []).toString('base64');
  const state: PowerShellState = { start, shown: { path: pc.shown?.path ?? '', content } };
  writeFileSync(FILE, JSON.stringify(state));
  process.stdout.write(answered?.stdout ?? '');
  process.stderr.write(answered?.stderr ?? `not started as Windows PowerShell: ${process.execPath}`);
  process.exitCode = answered?.exit ?? 1;
}

void answer(process.argv.slice(2));
