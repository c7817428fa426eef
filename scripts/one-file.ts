/** A program of this repository as one file, started by one that knows what it was made of (agent/src/bundled.ts). */

import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf, type MadeOf } from '../agent/src/made-of.ts';
import { bundled } from './bundle.ts';

const STARTER = 'agent/src/bundled.ts';

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
 * Makes `entry` of `root`, a module that exports start(), one file in `folder`, which lies two folders below `root`, and
 * beside it `name`.cjs that starts it. What was made there before goes.
 *
 * Whole at every moment: a file takes its place by its name, and the starter of old finds its own program or none.
 * Returns the path of the starter. Errors: Error that names what esbuild could not do, or the source that is being changed.
 */
export async function placeOneFile(
  { entry, folder, name }: { readonly entry: string; readonly folder: string; readonly name: string },
  root: string,
): Promise<string> {
  const startedAtMs = Date.now();
  const [starter, program] = await Promise.all([bundled(STARTER, root), bundled(entry, root)]);
  const paths = [...new Set([...starter.sources, ...program.sources, ...DECIDES])];
  const madeOf: MadeOf = { node: process.version, files: paths.map((path) => [path, ...factsOf(join(root, path))]) };
  // Looked at after the facts: what has not changed since the start had these facts when it was read.
  for (const path of paths) {
    const changedAtMs = statSync(join(root, path), { throwIfNoEntry: false })?.ctimeMs ?? 0;
    if (changedAtMs > startedAtMs - SETTLED_MS) throw new Error(`${path} is being changed. Try again.`);
  }
  const expression = `(function (exports, require, module, __filename, __dirname) {\n${program.text}\n})`;
  const programName = `${name}-${hash('sha256', expression, 'hex').slice(0, 16)}.cjs`;
  const made = JSON.stringify(JSON.stringify({ ...madeOf, program: programName }));
  mkdirSync(folder, { recursive: true });
  place(folder, programName, expression);
  place(folder, `${name}.cjs`, `const made = JSON.parse(${made});\n${starter.text}`);
  for (const other of readdirSync(folder))
    if (other !== `${name}.cjs` && !other.startsWith(programName)) rmSync(join(folder, other), { force: true });
  return join(folder, `${name}.cjs`);
}

function place(folder: string, name: string, text: string): void {
  const beside = join(folder, `.${name}.${process.pid}`);
  writeFileSync(beside, text);
  renameSync(beside, join(folder, name));
}
