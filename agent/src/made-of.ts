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

export interface MadeOf {
  /** Version of the Node it was made for. */
  readonly node: string;
  /** Path relative to the root of the sources, and its facts. */
  readonly files: readonly (readonly [path: string, facts: string])[];
}

/** `root` ends with a slash. */
export function isMadeOf({ node, files }: MadeOf, root: string): boolean {
  return node === process.version && files.every(([path, facts]) => factsOf(root + path) === facts);
}

/** What changes whenever the file's content may have; empty when there is none. */
export function factsOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.ctimeMs}`;
}
