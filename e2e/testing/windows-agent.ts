/**
 * A person's Windows PC with Carryover on it: carryover.exe as it is delivered, and a default browser that signs the person
 * in by itself, which Windows starts.
 */

import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageForWindows, type WindowsPrograms } from '../../scripts/windows/package.ts';
import { ensureWindowsPrograms, WINDOWS } from '../../scripts/windows-set-up.ts';
import type { Person } from './organization.ts';
import type { Ran } from './run-program.ts';
import { aWindowsPc, type WindowsPc, type WindowsPcOptions, type WindowsProgram } from './windows-pc.ts';

export interface DeliveredAgent extends AsyncDisposable {
  readonly programs: WindowsPrograms;
}

/** Makes the program once for the tests of a file; gone when disposed of. */
export async function deliveredAgent(): Promise<DeliveredAgent> {
  await ensureWindowsPrograms();
  const folder = await mkdtemp(join(tmpdir(), 'carryover-delivered-'));
  const programs = await packageForWindows(folder, WINDOWS);
  return { programs, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

const FOLDER = 'C:\\Program Files\\Carryover';

export interface WindowsAgent {
  readonly pc: WindowsPc;
  /** Where carryover.exe lies, as Windows names it. */
  readonly program: string;
  /** Runs `carryover …` on the PC. */
  agent(...args: readonly string[]): Promise<Ran>;
  /** Starts it, to be ended from outside. */
  startAgent(...args: readonly string[]): Promise<WindowsProgram>;
}

export interface WindowsAgentOptions extends WindowsPcOptions {
  readonly delivered: DeliveredAgent;
  readonly person: Person;
  /** Folder of this machine in which the person remembers their password, for all their PCs; of the PC when left out. */
  readonly memory?: string;
}

export async function aWindowsAgent({
  delivered,
  person,
  memory,
  ...options
}: WindowsAgentOptions): Promise<WindowsAgent> {
  const pc = await aWindowsPc(options);
  const folder = join(pc.driveC, 'Program Files', 'Carryover');
  await mkdir(folder, { recursive: true });
  await copyFile(delivered.programs.program, join(folder, 'carryover.exe'));
  await copyFile(delivered.programs.windowless, join(folder, 'carryoverw.exe'));
  await beBrowser(pc);
  const env = {
    CARRYOVER_PERSON_NAME: person.userPrincipalName,
    CARRYOVER_PERSON_PASSWORD: person.password,
    CARRYOVER_PERSON_FOLDER: memory === undefined ? 'C:\\' : pc.path(memory),
  };
  const program = `${FOLDER}\\carryover.exe`;
  return {
    pc,
    program,
    agent: (...args) => pc.run(program, args, { env }),
    startAgent: (...args) => pc.start(program, args, { env }),
  };
}

/** What Windows starts for an address of the web: a program that signs in as CARRYOVER_PERSON_NAME says. */
async function beBrowser(pc: WindowsPc): Promise<void> {
  const browser = pc.path(join(import.meta.dirname, 'person-browser.ts'));
  const command = `"${pc.path(WINDOWS.node)}" "${browser}" "%1"`;
  for (const scheme of ['http', 'https'])
    await pc.regAdd(`HKLM\\Software\\Classes\\${scheme}\\shell\\open\\command`, '', 'REG_SZ', command);
}
