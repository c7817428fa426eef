/**
 * A person's Windows PC for tests: its own C: drive, registry, computer name and build, real node.exe and real advapi32.
 *
 * Windows is Wine, without a display. Nothing of the machine's own user is read or written. The PC ends with `remove`, and
 * also when the test process does, however that happens. Programs write to files, never to a pipe: services of Windows
 * that a program starts keep what it writes to open, and node.exe cannot use this machine's pipes.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { markedProcessesLeft } from '../../scripts/leftovers.ts';
import { ensureWindows, WINDOWS } from '../../scripts/windows-set-up.ts';
import type { Ran } from './run-program.ts';
import {
  copyPc,
  onComputer,
  PC_MARK,
  startWineServer,
  type WindowsLanguage,
  windowsPath,
  wineEnvironment,
} from './wine.ts';

export interface WindowsVersion {
  /** e.g. 26100. */
  readonly build: number;
  /** Windows calls it UBR: the number after the build's, e.g. 4946. */
  readonly revision: number;
  /** e.g. "24H2". */
  readonly displayVersion: string;
  /** EditionID, e.g. "Enterprise" or "Professional". */
  readonly edition: string;
}

export const WINDOWS_10_22H2: WindowsVersion = {
  build: 19045,
  revision: 6216,
  displayVersion: '22H2',
  edition: 'Enterprise',
};

export const WINDOWS_11_23H2: WindowsVersion = {
  build: 22631,
  revision: 5768,
  displayVersion: '23H2',
  edition: 'Enterprise',
};

export const WINDOWS_11_24H2: WindowsVersion = {
  build: 26100,
  revision: 4946,
  displayVersion: '24H2',
  edition: 'Enterprise',
};

interface WindowsRunOptions {
  /** Added to the PC's own; paths in it as Windows writes them. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

export interface WindowsProgram {
  /** Of this machine, to end it as a loss of power would. */
  readonly pid: number;
  /** Waits until standard output holds `pattern`, and returns what it holds. Errors: Error when it ended before that. */
  says(pattern: RegExp): Promise<string>;
  /** Resolves when it ended by itself or was ended; 128 when a signal ended it. */
  readonly ended: Promise<Ran>;
}

export interface WindowsPc {
  readonly name: string;
  /** Where C: lies on this machine. */
  readonly driveC: string;
  /** A path of this machine as the PC's programs name it. */
  path(path: string): string;
  /** Starts a program: a name that Windows finds (reg, cmd), or a path of this machine or of Windows. */
  start(exe: string, args?: readonly string[], options?: WindowsRunOptions): Promise<WindowsProgram>;
  /** Runs a program to its end. Never throws for an exit code. */
  run(exe: string, args?: readonly string[], options?: WindowsRunOptions): Promise<Ran>;
  /** Runs a program that must succeed and returns what it printed. Errors: Error with the program's own words. */
  must(exe: string, args?: readonly string[], options?: WindowsRunOptions): Promise<string>;
  /** Starts node.exe with a program of this machine, also in TypeScript; `args` as it gets them. */
  startNode(program: string, args?: readonly string[], options?: WindowsRunOptions): Promise<WindowsProgram>;
  /** The same, to its end. Never throws for an exit code. */
  node(program: string, args?: readonly string[], options?: WindowsRunOptions): Promise<Ran>;
  /** A key and all below as reg.exe exports it, nothing lost. Errors: Error when there is no such key. */
  regExport(key: string): Promise<string>;
  /** Takes up what `regExport` gave, or any other text of that form. */
  regImport(text: string): Promise<void>;
  /** `name` "" is the key's default value; `type` e.g. REG_DWORD, `data` as reg.exe reads it. */
  regAdd(key: string, name: string, type: string, data: string): Promise<void>;
  /** Type and data as reg.exe prints them (other than ASCII gets lost); undefined when there is no such value. */
  regQuery(key: string, name: string): Promise<{ readonly type: string; readonly data: string } | undefined>;
  /**
   * From now on programs start in this language, and the first of them writes its regional format, all of it, unless the
   * format is named so already (see wine.ts).
   */
  speak(language: WindowsLanguage): void;
  /** Ends all that runs on the PC, then removes it. */
  remove(): Promise<void>;
}

export interface WindowsPcOptions {
  /** At most 15 capital letters, digits and hyphens. */
  readonly name: string;
  readonly windows?: WindowsVersion;
}

/** A new PC. Errors: KnownError missingPart when this machine cannot have one. */
export async function aWindowsPc({ name, windows = WINDOWS_11_24H2 }: WindowsPcOptions): Promise<WindowsPc> {
  if (!/^[A-Z0-9-]{1,15}$/.test(name)) throw new Error(`Not the name of a Windows computer: ${name}`);
  await ensureWindows();
  const folder = await mkdtemp(join(tmpdir(), 'carryover-windows-pc-'));
  await copyPc(folder);
  const files = join(folder, 'files');
  await mkdir(files);
  const server = await startWineServer(folder, name);
  let started = 0;
  let language: WindowsLanguage = 'en_US';

  async function start(
    exe: string,
    args: readonly string[] = [],
    options: WindowsRunOptions = {},
  ): Promise<WindowsProgram> {
    started += 1;
    const [stdin, stdout, stderr] = ['in', 'out', 'err'].map((end) => join(files, `${started}.${end}`)) as Paths;
    await writeFile(stdin, options.stdin ?? '');
    const ends = await Promise.all([open(stdin, 'r'), open(stdout, 'w'), open(stderr, 'w')]);
    const [command = '', ...rest] = [...onComputer(name), WINDOWS.wine, exe, ...args];
    const child = spawn(command, rest, {
      cwd: join(folder, 'pc', 'drive_c'),
      env: { ...wineEnvironment(folder, language), ...options.env },
      stdio: ends.map(({ fd }) => fd),
    });
    const exited = once(child, 'exit');
    await once(child, 'spawn');
    for (const end of ends) await end.close();
    let hasEnded = false;
    const ended = exited.then(async ([code]: (number | null)[]) => {
      hasEnded = true;
      return { exit: code ?? 128, stdout: await readFile(stdout, 'utf8'), stderr: await readFile(stderr, 'utf8') };
    });
    async function says(pattern: RegExp): Promise<string> {
      for (;;) {
        // Asked before reading: what was said last counts too.
        const wasEnded = hasEnded;
        const said = await readFile(stdout, 'utf8');
        if (pattern.test(said)) return said;
        if (wasEnded) throw new Error(`${exe} on ${name} ended without ${pattern}: ${said}${(await ended).stderr}`);
        await delay(10);
      }
    }
    return { pid: child.pid ?? 0, says, ended };
  }

  const run = async (exe: string, args?: readonly string[], options?: WindowsRunOptions) =>
    (await start(exe, args, options)).ended;

  async function must(exe: string, args: readonly string[] = [], options?: WindowsRunOptions): Promise<string> {
    const { exit, stdout, stderr } = await run(exe, args, options);
    if (exit !== 0) throw new Error(`${exe} ${args.join(' ')} on ${name}: exit ${exit}\n${stdout}${stderr}`);
    return stdout;
  }

  const startNode = (program: string, args: readonly string[] = [], options?: WindowsRunOptions) =>
    start(WINDOWS.node, [...WORKSPACES, windowsPath(program), ...args], options);

  const registryFile = () => {
    started += 1;
    return join(files, `${started}.reg`);
  };

  const pc: WindowsPc = {
    name,
    driveC: join(folder, 'pc', 'drive_c'),
    path: windowsPath,
    start,
    run,
    must,
    startNode,
    node: async (program, args, options) => (await startNode(program, args, options)).ended,
    async regExport(key) {
      const file = registryFile();
      await must('reg', ['export', key, windowsPath(file), '/y']);
      return readFile(file, 'utf16le');
    },
    async regImport(text) {
      const file = registryFile();
      await writeFile(file, text, 'utf16le');
      await must('reg', ['import', windowsPath(file)]);
    },
    async regAdd(key, value, type, data) {
      await must('reg', ['add', key, ...named(value), '/t', type, '/d', data, '/f']);
    },
    async regQuery(key, value) {
      const { exit, stdout } = await run('reg', ['query', key, ...named(value)]);
      const [, type, data] = /^ {4}.*? {4}(REG_[A-Z_]+) {4}(.*?)\r?$/m.exec(stdout) ?? [];
      return exit !== 0 || type === undefined || data === undefined ? undefined : { type, data };
    },
    speak(chosen) {
      language = chosen;
    },
    async remove() {
      await server.stop();
      for (const { pid } of await markedProcessesLeft(PC_MARK, folder)) process.kill(pid, 'SIGKILL');
    },
  };

  try {
    // Starts Windows' own services, which then hold nothing of a test's program open.
    await must('wineboot');
    await pc.regImport(versionAsRegistry(windows));
  } catch (error) {
    await pc.remove();
    throw error;
  }
  return pc;
}

/** A program of this repository needs its workspaces. */
const WORKSPACES = [
  '--import',
  `file:///${windowsPath(join(import.meta.dirname, 'workspaces-in-windows.ts')).replaceAll('\\', '/')}`,
];

type Paths = [string, string, string];

function named(value: string): string[] {
  return value === '' ? ['/ve'] : ['/v', value];
}

/** A .reg file's first line, after the mark that says which way round its letters are. */
export const REGISTRY_FILE_HEAD = '\uFEFFWindows Registry Editor Version 5.00\r\n\r\n';

/** Windows 11 also calls itself "Windows 10 Pro" there; only the build tells which it is. */
function versionAsRegistry({ build, revision, displayVersion, edition }: WindowsVersion): string {
  return `${REGISTRY_FILE_HEAD}[HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion]\r
"CurrentBuild"="${build}"\r
"CurrentBuildNumber"="${build}"\r
"UBR"=dword:${revision.toString(16).padStart(8, '0')}\r
"DisplayVersion"="${displayVersion}"\r
"EditionID"="${edition}"\r
"ProductName"="Windows 10 ${edition === 'Professional' ? 'Pro' : edition}"\r
`;
}
