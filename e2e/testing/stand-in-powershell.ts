/**
 * A stand-in for Windows PowerShell on a Windows PC of a test, where Windows itself has the real one: in its system folder.
 * Wine has a program there that runs no script.
 */

import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { standInProgram } from './stand-in-program.ts';
import type { WindowsPc } from './windows-pc.ts';

export interface PowerShellState {
  /** What the lock screen shows: where it was chosen, and the content in base64. */
  readonly shown: { readonly path: string; readonly content: string };
  readonly start: { readonly layout: string; readonly apps: readonly { readonly name: string; readonly id: string }[] };
}

/** Writes powershell.exe into `folder` and returns its path. Errors: Error with what Node said. */
export function standInPowerShellProgram(folder: string): Promise<string> {
  return standInProgram(folder, 'powershell', 'stand-in-powershell-program.ts');
}

/** Puts it on the PC; the function returned tells what the PC shows by now. */
export async function putPowerShell(
  pc: WindowsPc,
  program: string,
  state: PowerShellState,
): Promise<() => Promise<PowerShellState>> {
  const folder = join(pc.driveC, 'windows', 'system32', 'WindowsPowerShell', 'v1.0');
  // Other PCs may share the file that is there.
  await rm(join(folder, 'powershell.exe'));
  await copyFile(program, join(folder, 'powershell.exe'));
  const file = join(folder, 'stand-in-powershell.json');
  await writeFile(file, JSON.stringify(state));
  // Else Wine starts its own by that name, whatever file is there.
  await pc.regAdd('HKCU\\Software\\Wine\\DllOverrides', 'powershell.exe', 'REG_SZ', 'native');
  return async () => JSON.parse(await readFile(file, 'utf8')) as PowerShellState;
}
