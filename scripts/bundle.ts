/**
 * A program of the agent with all it imports as one CommonJS file, which Node runs as it is.
 *
 * The same sources give the same bytes. Libraries with native code stay outside.
 */

import { basename, join } from 'node:path';
import { type BuildOptions, build, transform } from 'esbuild';

const ROOT = join(import.meta.dirname, '..');

export interface Bundled {
  readonly text: string;
  /** What it was made of: paths relative to the root. */
  readonly sources: readonly string[];
}

/** Where a module lies is asked only of the sources: the bundle stands for all of them. */
const HEAD = "const bundleUrl = require('node:url').pathToFileURL(__filename).href;";

/** Inside an executable, import() of what Node has built in does not work; require() does. */
const BY_REQUIRE = { format: 'cjs', platform: 'node', supported: { 'dynamic-import': false } } as const;

const OPTIONS = {
  bundle: true,
  platform: 'node',
  target: `node${process.versions.node}`,
  external: ['koffi'],
  legalComments: 'none',
  define: { 'import.meta.url': 'bundleUrl' },
  logLevel: 'warning',
  write: false,
  metafile: true,
} as const satisfies BuildOptions;

/** `entry` is relative to the root of this repository. Errors: Error that names what esbuild could not do. */
export async function bundled(entry: string): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    ...BY_REQUIRE,
    absWorkingDir: ROOT,
    entryPoints: [entry],
    banner: { js: HEAD },
  });
  return { text: outputFiles.map(({ text }) => text).join(''), sources: Object.keys(metafile.inputs) };
}

/**
 * The same, and what is imported only when needed is a function of its own in it, run only then: a start makes none of the
 * thousands of functions that other commands are made of. `entry` is relative to `root`. Errors: as above.
 */
export async function bundledInParts(entry: string, root: string): Promise<Bundled> {
  const { outputFiles, metafile } = await build({
    ...OPTIONS,
    format: 'esm',
    splitting: true,
    absWorkingDir: root,
    entryPoints: [entry],
    // Nothing is written there.
    outdir: join(root, 'build'),
  });
  const parts = await Promise.all(
    outputFiles.map(async ({ path, text }) => {
      const { code } = await transform(text, { ...BY_REQUIRE, target: OPTIONS.target });
      return `${JSON.stringify(`./${basename(path)}`)}(require, module, exports) {\n${code}}`;
    }),
  );
  const first = JSON.stringify(`./${basename(entry).replace(/\.ts$/, '.js')}`);
  const text = `${HEAD}\nconst parts = {\n${parts.join(',\n')}\n};\n${LOADER}\npart(${first});\n`;
  return { text, sources: Object.keys(metafile.inputs) };
}

/** As Node's own require(): a part is run once, and has what it exports from the start, so that two may import each other. */
const LOADER = `
const loaded = new Map();
function part(name) {
  if (!Object.hasOwn(parts, name)) return require(name);
  const known = loaded.get(name);
  if (known !== undefined) return known.exports;
  const module = { exports: {} };
  loaded.set(name, module);
  parts[name](part, module, module.exports);
  return module.exports;
}`;
