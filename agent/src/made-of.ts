/**
 * What the one file of the agent was made of, and whether all of that still lies here as it was.
 *
 * Told by inode, size and time of change: the latter is set by the system alone, at every change of a file. Reading the
 * files would take longer than the rest of a start.
 *
 * Source: docs/decisions/2026-11-26-the-agent-as-one-file.md.
 */

// An import would also load what streams need; see system/real.ts.
const { statSync } = process.getBuiltinModule('node:fs');

/** Inode, size in bytes, time of change in milliseconds; zeros for a file that is not there. */
type Facts = readonly [inode: number, bytes: number, changedAtMs: number];

export interface MadeOf {
  /** Version of the Node it was made for. */
  readonly node: string;
  /** Each path is relative to the root of the sources. */
  readonly files: readonly (readonly [path: string, ...Facts])[];
}

/** `root` ends with a slash. */
export function isMadeOf({ node, files }: MadeOf, root: string): boolean {
  if (node !== process.version) return false;
  for (const [path, inode, bytes, changedAtMs] of files) {
    const stat = statSync(root + path, LOOK);
    if ((stat?.ino ?? 0) !== inode || (stat?.size ?? 0) !== bytes || (stat?.ctimeMs ?? 0) !== changedAtMs) return false;
  }
  return true;
}

const LOOK = { throwIfNoEntry: false } as const;

/** What changes whenever the file's content may have. */
export function factsOf(path: string): Facts {
  const stat = statSync(path, LOOK);
  return stat === undefined ? [0, 0, 0] : [stat.ino, stat.size, stat.ctimeMs];
}
