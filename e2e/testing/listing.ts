/** Everything that lies in a folder, so that a test can tell whether anything in it was written, renamed or removed. */

import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

export interface ListingOptions {
  /** Paths relative to the folder that are passed over, with what lies in them. */
  readonly without?: readonly string[];
}

/**
 * One line a file or folder: what it is, and when it or its list of names was last written.
 *
 * A file that came and went shows in the time of its folder. A folder that holds a path passed over has no time, because
 * that path may come and go.
 */
export async function listingOf(folder: string, { without = [] }: ListingOptions = {}): Promise<string[]> {
  const lines: string[] = [];
  const skip = new Set(without.map((path) => join(folder, path)));
  const above = new Set(without.flatMap((path) => parentsOf(folder, path)));
  const visit = async (path: string): Promise<void> => {
    const facts = await lstat(path, { bigint: true });
    const kind = facts.isDirectory() ? 'folder' : facts.isFile() ? 'file' : 'other';
    const written = above.has(path) ? '' : ` ${facts.ino} ${facts.size} ${facts.mtimeNs} ${facts.ctimeNs}`;
    lines.push(`${kind} ${relative(folder, path)}${written}`);
    if (kind !== 'folder') return;
    for (const name of (await readdir(path)).toSorted()) if (!skip.has(join(path, name))) await visit(join(path, name));
  };
  await visit(folder);
  return lines;
}

/** The plain files of a folder by path, with their bytes. */
export async function contentsOf(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return new Map(await Promise.all(files.map(async (file) => [relative(folder, file), await readFile(file)] as const)));
}

function parentsOf(folder: string, path: string): string[] {
  const parts = path.split('/').slice(0, -1);
  return [folder, ...parts.map((_, index) => join(folder, ...parts.slice(0, index + 1)))];
}
