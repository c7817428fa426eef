/**
 * The door to the machine: everything the agent reads from or does to a device goes through a System.
 *
 * Three of them: the real one (real.ts), one that only says what it would do (dry-run.ts), and one in memory for tests
 * (agent/testing/memory-system.ts). What is not here, the agent cannot do.
 */

import type { HandOver } from './hand-over.ts';
import type { Processes } from './processes.ts';
import type { Registry, WindowsNotice } from './registry.ts';
import type { Vault } from './vault.ts';

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** Added to the system's own environment for this run; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which the process and its children are killed; the run then rejects. Default two minutes. */
  readonly timeoutMs?: number;
  /** The program changes nothing, so that a dry run runs it too. Default false. */
  readonly readOnly?: boolean;
  /**
   * The program is done in milliseconds and leaves nothing running: it is waited for in place, as a look at a file is,
   * and a signal to this process is heard after it. Default false.
   */
  readonly brief?: boolean;
}

export interface RunResult {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface FileFacts {
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly bytes: number;
  readonly mode: number;
  /** Id of the user it belongs to. */
  readonly owner: number;
  /** Changes whenever the content may have: device, inode, size, mtime and ctime in nanoseconds, joined. */
  readonly fingerprint: string;
}

/** A folder of ours for a while, 0700: gone with all that is in it when disposed of, and with this process at the latest. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** 0600. */
  writeFile(name: string, content: string): Promise<void>;
  /** Fine when there is none. */
  removeFile(name: string): Promise<void>;
}

/** A program beside this one; it does not outlive this process. */
export interface StartedProgram {
  /** When it has ended, however it did. Errors: none. */
  readonly ended: Promise<void>;
  /** Asks it and its children to end, and sees to it. Fine when it has ended. */
  stop(): Promise<void>;
}

export interface System {
  /** The person's home folder, absolute, without a trailing slash. */
  readonly home: string;
  /**
   * Carryover's own folder, 0700: $XDG_STATE_HOME/carryover or ~/.local/state/carryover; on Windows
   * %LOCALAPPDATA%/Carryover. Paths have slashes on every platform.
   */
  readonly stateFolder: string;
  /** Where the machine keeps what counts for everyone: /etc; on Windows Carryover's folder of %ProgramData%. */
  readonly systemFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent where the system seals nothing for a person; files are then protected by their rights alone. */
  readonly vault?: Vault;
  /**
   * Where the person's session keeps its sockets: $XDG_RUNTIME_DIR, or /run/user/<uid> when there is one. Undefined
   * without a session, and always when `home` is not the account's own: another home's settings are not this session's.
   */
  readonly runtimeFolder: string | undefined;
  /**
   * `home` is the account's own, not another one that a program was given: what belongs to the account as a whole, as its
   * timers and its crontab, is this person's to change without being asked.
   */
  readonly isAccountHome: boolean;
  /** Only on Windows. */
  readonly registry?: Registry;
  /** Only on Windows; elsewhere /proc tells the same. */
  readonly processes?: Processes;
  /** Only on Windows. */
  readonly handOver?: HandOver;
  /** Whether the network costs money by volume, where the system itself knows; only on Windows. */
  isMetered?(): Promise<boolean>;
  /** Tells running programs of changed settings; only on Windows. Errors: none for a call that Windows refuses. */
  notify?(notice: WindowsNotice): Promise<void>;
  /** Runs a program found in PATH, without a shell. Errors: missingPart when there is no such program. */
  run(program: string, args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Facts without following a link; undefined when there is nothing. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** Undefined when there is no such file. Never follows a link in the last segment. Errors: the system's own, e.g. EACCES. */
  readFile(path: string): Promise<Uint8Array | undefined>;
  /** Where a path leads once every link is followed; undefined when that is nothing. */
  realPath(path: string): Promise<string | undefined>;
  /** Names in a folder, sorted; empty when there is none. */
  list(path: string): Promise<string[]>;
  /**
   * Replaces the file as a whole (new file, fsync, rename, fsync of the folder); makes missing folders 0700.
   * Errors: notAllowed (inner outsideHome) for a path that is not, or by a link in its folders does not stay, below
   * HOME or the state folder; the same for the two below.
   */
  writeFile(path: string, content: Uint8Array | string, mode: number): Promise<void>;
  /**
   * Makes the file unless there is one, in one step that two processes cannot both win, and with its whole content from
   * the first moment (link(2), not open and write); for locks. False when there is one already.
   */
  createFile(path: string, content: string, mode: number): Promise<boolean>;
  /** Adds a line and waits until it is on disk; for journals. */
  appendLine(path: string, line: string): Promise<void>;
  /** Fine when there is nothing to remove. Removes files only, never folders with content. */
  removeFile(path: string): Promise<void>;
  /**
   * Replaces a file below the system folder, readable by everyone, and makes missing folders.
   * Errors: notAllowed (inner needsAdministrator) for whoever may not; the same for the next.
   */
  writeForEveryone(path: string, content: string): Promise<void>;
  /** Fine when there is nothing to remove. */
  removeForEveryone(path: string): Promise<void>;
  /**
   * Makes an empty folder where the session keeps its own, else in the state folder, and clears away those of runs that
   * were killed.
   */
  temporaryFolder(): Promise<TemporaryFolder>;
  /**
   * Starts a program found in PATH, without a shell and without our input and output, and goes on.
   * Errors: missingPart when there is no such program.
   */
  start(program: string, args: readonly string[]): Promise<StartedProgram>;
  /** Wall clock. Only the edges ask; everything below gets `now` as a parameter. */
  now(): Temporal.Instant;
  /** Milliseconds of a clock that never jumps. */
  monotonicMs(): number;
}
