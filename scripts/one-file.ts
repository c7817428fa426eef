/** A bundle that says at its head what it was made of. */

import { statSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf, type MadeOf } from '../agent/src/made-of.ts';
import { bundled } from './bundle.ts';

/** What also decides the bytes of a bundle, beside the sources it holds. */
const DECIDES = [
  'package.json',
  'agent/package.json',
  'model/package.json',
  'tsconfig.json',
  'tsconfig.base.json',
  'node_modules/.package-lock.json',
  'scripts/bundle.ts',
  'scripts/one-file.ts',
  'scripts/bundle-agent.ts',
];

/**
 * A change right before the start could be followed by one that looks the same, in the same tick of the clock of files; a
 * tick takes up to ten milliseconds.
 */
const SETTLED_MS = 100;

/**
 * The program `entry` of `root` as one file, with "madeOf" as its first constant. Errors: Error that names what esbuild
 * could not do, or the source that is being changed.
 */
export async function oneFile(entry: string, root: string): Promise<string> {
  const startedAtMs = Date.now();
  const { text, sources } = await bundled(entry, root);
  const paths = [...sources, ...DECIDES];
  const madeOf: MadeOf = { node: process.version, files: paths.map((path) => [path, ...factsOf(join(root, path))]) };
  // Looked at after the facts: what has not changed since the start had these facts when it was read.
  for (const path of paths) {
    const changedAtMs = statSync(join(root, path), { throwIfNoEntry: false })?.ctimeMs ?? 0;
    if (changedAtMs > startedAtMs - SETTLED_MS) throw new Error(`${path} is being changed. Try again.`);
  }
  return `const madeOf = ${JSON.stringify(madeOf)};\n${text}`;
}
