/**
 * A machine in memory, for tests: files in a map, programs as a function, a clock that stands still until moved.
 *
 * Keeps the promises of System that code relies on: writes stay below HOME or the state folder, links are not followed
 * by reads, a missing program is missingPart.
 */

import { KnownError } from '@carryover/model/errors';
import type { Registry, WindowsNotice } from '../src/system/registry.ts';
import type { FileFacts, RunOptions, RunResult, System } from '../src/system/system.ts';

interface MemoryFile {
  readonly content: Uint8Array;
  readonly mode: number;
  readonly owner: number;
  /** Counts up with every change, so that fingerprints differ. */
  readonly version: number;
}

export interface ProgramRun {
  readonly program: string;
  readonly args: readonly string[];
  readonly options: RunOptions;
}

export interface MemorySystem extends System {
  readonly files: Map<string, MemoryFile>;
  /** Link path to target; facts say "link", readFile refuses, realPath follows. */
  readonly links: Map<string, string>;
  /** Every program run so far, in order. */
  readonly runs: ProgramRun[];
  /** Puts a file anywhere, also outside HOME. Folders, as what is outside of it, are root's; files of HOME the person's. */
  put(path: string, content: Uint8Array | string, mode?: number, owner?: number): void;
  /** What Windows was told, in order. */
  readonly notices: WindowsNotice[];
  /** The text of a file; undefined when there is none. */
  text(path: string): string | undefined;
  /** Moves both clocks on. */
  advance(by: Temporal.Duration): void;
}

export interface MemorySystemOptions {
  readonly home?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly runtimeFolder?: string;
  /** Default false. */
  readonly isAccountHome?: boolean;
  readonly now?: Temporal.Instant;
  /** Whether what is for everyone may be changed. Default false. */
  readonly administrator?: boolean;
  /** Makes it a Windows; what Windows is told is in `notices`. */
  readonly registry?: Registry;
  /** Answers a program; undefined means there is no such program. Default: there are none. */
  readonly run?: (run: ProgramRun, system: MemorySystem) => Promise<RunResult | undefined> | RunResult | undefined;
}

const ROOT = 0;
const PERSON = 1000;

export function memorySystem(options: MemorySystemOptions = {}): MemorySystem {
  const home = options.home ?? '/home/ada';
  const files = new Map<string, MemoryFile>();
  const links = new Map<string, string>();
  const runs: ProgramRun[] = [];
  const notices: WindowsNotice[] = [];
  const start = options.now ?? Temporal.Instant.from('2026-03-01T09:00:00Z');
  let elapsedMs = 0;
  let version = 0;
  const ownerOf = (path: string) => (path.startsWith(`${home}/`) ? PERSON : ROOT);
  const put = (path: string, content: Uint8Array | string, mode = 0o644, owner = ownerOf(path)) => {
    version += 1;
    files.set(path, {
      content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
      mode,
      owner,
      version,
    });
  };
  const isFolder = (path: string) => [...files.keys(), ...links.keys()].some((file) => file.startsWith(`${path}/`));
  const text = (path: string) => {
    const file = files.get(path);
    return file === undefined ? undefined : new TextDecoder().decode(file.content);
  };

  const system: MemorySystem = {
    files,
    links,
    runs,
    notices,
    ...(options.registry === undefined
      ? {}
      : { registry: options.registry, notify: async (notice: WindowsNotice) => void notices.push(notice) }),
    put,
    text,
    advance: (by) => {
      elapsedMs += by.total('milliseconds');
    },
    home,
    stateFolder: `${home}/.local/state/carryover`,
    systemFolder: '/etc',
    runtimeFolder: options.runtimeFolder,
    isAccountHome: options.isAccountHome ?? false,
    env: { HOME: home, PATH: '/usr/bin', ...options.env },
    async run(program, args, runOptions = {}) {
      const run: ProgramRun = { program, args, options: runOptions };
      runs.push(run);
      const result = await options.run?.(run, system);
      if (result === undefined)
        throw new KnownError('missingPart', `The program "${program}" is not installed. Install it and try again.`);
      return result;
    },
    async facts(path): Promise<FileFacts | undefined> {
      const file = files.get(path);
      if (file !== undefined)
        return {
          kind: 'file',
          bytes: file.content.length,
          mode: file.mode,
          owner: file.owner,
          fingerprint: `${path}-${file.version}`,
        };
      if (links.has(path)) return { kind: 'link', bytes: 0, mode: 0o777, owner: ROOT, fingerprint: `${path}-link` };
      if (isFolder(path))
        return { kind: 'directory', bytes: 0, mode: 0o755, owner: ROOT, fingerprint: `${path}-folder` };
      return undefined;
    },
    async readFile(path) {
      if (links.has(path)) throw Object.assign(new Error(`${path} is a link.`), { code: 'ELOOP' });
      return files.get(path)?.content;
    },
    async realPath(path) {
      const target = links.get(path) ?? path;
      return files.has(target) || isFolder(target) ? target : undefined;
    },
    async list(path) {
      const names = [...files.keys(), ...links.keys()]
        .filter((file) => file.startsWith(`${path}/`))
        .map((file) => file.slice(path.length + 1).split('/', 1)[0] ?? '');
      return [...new Set(names)].toSorted();
    },
    async writeFile(path, content, mode) {
      refuseOutside(system, path);
      put(path, typeof content === 'string' ? content : content.slice(), mode);
    },
    async createFile(path, content, mode) {
      refuseOutside(system, path);
      if (files.has(path) || links.has(path)) return false;
      put(path, content, mode);
      return true;
    },
    async appendLine(path, line) {
      refuseOutside(system, path);
      put(path, `${text(path) ?? ''}${line}\n`, files.get(path)?.mode ?? 0o600);
    },
    async removeFile(path) {
      refuseOutside(system, path);
      files.delete(path);
      links.delete(path);
    },
    async writeForEveryone(path, content) {
      refuseForEveryone(options, path);
      put(path, content, 0o644);
    },
    async removeForEveryone(path) {
      refuseForEveryone(options, path);
      files.delete(path);
    },
    async temporaryFolder() {
      version += 1;
      const path = `${options.runtimeFolder ?? system.stateFolder}/carryover-${version}`;
      const removeFile = async (name: string) => void files.delete(`${path}/${name}`);
      return {
        path,
        writeFile: async (name, content) => put(`${path}/${name}`, content, 0o600),
        removeFile,
        async [Symbol.asyncDispose]() {
          for (const file of files.keys()) if (file.startsWith(`${path}/`)) files.delete(file);
        },
      };
    },
    async start(program, args) {
      const { exit } = await system.run(program, args);
      // A program of a machine in memory runs until it is stopped, unless it could not.
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      if (exit !== 0) end();
      return { ended, stop: async () => end() };
    },
    now: () => start.add({ milliseconds: Math.round(elapsedMs) }),
    monotonicMs: () => elapsedMs,
  };
  return system;
}

function refuseForEveryone({ administrator = false }: MemorySystemOptions, path: string): void {
  if (!administrator)
    throw new KnownError('notAllowed', `Only an administrator may change ${path}.`, { inner: 'needsAdministrator' });
}

function refuseOutside({ home, stateFolder }: System, path: string): void {
  const stays = !path.split('/').includes('..') && [home, stateFolder].some((root) => path.startsWith(`${root}/`));
  if (!stays)
    throw new KnownError('notAllowed', `${path} is not a place Carryover may write.`, { inner: 'outsideHome' });
}
