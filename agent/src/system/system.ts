/**
 * The door to the machine: everything the agent reads from or does to a device goes through a System.
 *
 * Three of them: the real one (real.ts), one that only says what it would do (dry-run.ts), and one in memory for tests
 * (agent/testing/memory-system.ts). What is not here, the agent cannot do.
 */

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** Added to the system's own environment for this run; undefined removes a variable. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds after which the process and its children are killed; the run then rejects. Default two minutes. */
  readonly timeoutMs?: number;
  /** The program changes nothing, so that a dry run runs it too. Default false. */
  readonly readOnly?: boolean;
  /**
   * The program only looks at a few files, starts no other, and is done in milliseconds: it is waited for in place, as
   * a look at a file is. Default false.
   */
  readonly brief?: boolean;
  /**
   * Instead of `stdin`, for a program that asks: what it printed before its first NUL character is the question, and
   * what this gives is its whole input. Such a program changes nothing before it has its answer, and nothing at all when
   * that is empty. The time this takes is not the program's. Errors: its own, once the program was stopped.
   */
  readonly answer?: (question: string) => Promise<string>;
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
  /** Changes whenever the content may have: device, inode, size, mtime and ctime in nanoseconds, joined. */
  readonly fingerprint: string;
}

export interface System {
  /** The person's home folder, absolute, without a trailing slash. */
  readonly home: string;
  /** Carryover's own folder, 0700: $XDG_STATE_HOME/carryover or ~/.local/state/carryover. */
  readonly stateFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /**
   * Where the person's session keeps its sockets: $XDG_RUNTIME_DIR, or /run/user/<uid> when there is one. Undefined
   * without a session, and always when `home` is not the account's own: another home's settings are not this session's.
   */
  readonly runtimeFolder: string | undefined;
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
  /** Wall clock. Only the edges ask; everything below gets `now` as a parameter. */
  now(): Temporal.Instant;
  /** Milliseconds of a clock that never jumps. */
  monotonicMs(): number;
}
