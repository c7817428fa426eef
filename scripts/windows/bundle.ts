/**
 * The agent with all it imports as one CommonJS file, which Node runs as it is: what the single executable is made of.
 *
 * The same sources give the same bytes. Libraries with native code stay outside.
 */

import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..', '..');

/** Writes `file`. Errors: Error that names what esbuild could not do. */
export async function bundleAgent(file: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['agent/src/program.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    external: ['koffi'],
    legalComments: 'none',
    // Where a module lies is asked only of the sources: the bundle stands for all of them.
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
    // Inside an executable, import() of what Node has built in does not work; require() does.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
  });
}
