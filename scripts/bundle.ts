/**
 * A program of the agent with all it imports as one CommonJS file, which Node runs as it is.
 *
 * The same sources give the same bytes. Libraries with native code stay outside.
 */

import { join } from 'node:path';
import { build } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');

export interface Bundled {
  readonly text: string;
  /** What it was made of: paths relative to the root. */
  readonly sources: readonly string[];
}

/** `entry` is relative to `root`, by default this repository. Errors: Error that names what esbuild could not do. */
export async function bundled(entry: string, root: string = ROOT): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: `node${process.versions.node}`,
    external: ['koffi'],
    legalComments: 'none',
    // Where a module lies is asked only of the sources: the bundle stands for all of them.
    define: { 'import.meta.url': 'bundle.url' },
    banner: { js: "const bundle = { get url() { return require('node:url').pathToFileURL(__filename).href; } };" },
    // Inside an executable, import() of what Node has built in does not work; require() does.
    supported: { 'dynamic-import': false },
    logLevel: 'warning',
    write: false,
    metafile: true,
  });
  return { text: outputFiles.map(({ text }) => text).join(''), sources: Object.keys(metafile.inputs) };
}
