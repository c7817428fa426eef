/**
 * A stand-in for winget.exe on a Windows PC of a test, where Windows itself has the real one: in the person's WindowsApps
 * folder, which is in their Path.
 *
 * It is a program of its own, Node with the stand-in's function inside, and keeps what is installed in a file beside it.
 */

import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StandInApp, StandInPc } from '../../agent/testing/stand-in-winget.ts';
import { standInProgram } from './stand-in-program.ts';
import type { WindowsPc } from './windows-pc.ts';

/** Writes winget.exe into `folder` and returns its path. Errors: Error with what Node said. */
export function standInWingetProgram(folder: string): Promise<string> {
  return standInProgram(folder, 'winget', 'stand-in-winget-program.ts');
}

export interface WingetOnPc {
  /** What is installed by now, and how often that was tried. */
  state(): Promise<StandInPc>;
}

export interface WingetChoice {
  readonly program: string;
  readonly offered: readonly StandInApp[];
  readonly installed: readonly StandInApp[];
}

/** Puts it on the PC. */
export async function putWinget(pc: WindowsPc, { program, offered, installed }: WingetChoice): Promise<WingetOnPc> {
  const local = (await pc.must('cmd', ['/c', 'echo %LOCALAPPDATA%'])).trim();
  const folder = join(pc.driveC, local.slice('C:\\'.length).replaceAll('\\', '/'), 'Microsoft', 'WindowsApps');
  const file = join(folder, 'stand-in-winget.json');
  const state: StandInPc = { offered, installed: installed.map(({ id }) => id), attempts: {} };
  await mkdir(folder, { recursive: true });
  await copyFile(program, join(folder, 'winget.exe'));
  await writeFile(file, JSON.stringify(state));
  await pc.regAdd('HKCU\\Environment', 'Path', 'REG_SZ', `${local}\\Microsoft\\WindowsApps`);
  return { state: async () => JSON.parse(await readFile(file, 'utf8')) as StandInPc };
}
