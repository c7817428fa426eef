/**
 * Builds the pages into web/dist: node web/build.ts [--if-changed]
 *
 * With --if-changed nothing happens while web/dist is made of what lies here now: the sources of web and model and the
 * lock file, told by their content, so that another branch and back costs nothing. Needs no network.
 *
 * The folder is made beside and put in its place whole: who serves it never sees half of one.
 */

import { createHash, hash } from 'node:crypto';
import { globSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { ERRORS } from '../model/src/errors.ts';
import { type Asset, PAGE_LIST, type PageList } from '../model/src/page-files.ts';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(import.meta.dirname, 'dist');
/** In DIST: the digest of what it was made of. */
const MADE_OF = 'made-of';
const SOURCES = ['web/*.{html,json,ts}', 'web/src/**', 'model/src/**', 'package-lock.json'];

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** What these hold is compressed already. */
const COMPRESSED_ALREADY = new Set(['.png', '.woff2']);

const madeOf = digestOf(SOURCES);
if (!process.argv.includes('--if-changed') || madeOf !== digestOfBuild()) await buildOrSayWhyNot();

/** Whoever may not write here uses what is there. */
async function buildOrSayWhyNot(): Promise<void> {
  try {
    await buildAll();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code !== 'EACCES' && code !== 'EROFS') throw error;
    const older = digestOfBuild() !== undefined;
    process.stderr.write(
      `carryover: the pages ${older ? 'are older than their sources' : 'are not built yet'} and you cannot write to ${import.meta.dirname}. Let its owner run: node ${join('web', 'build.ts')}\n`,
    );
    if (!older) process.exitCode = ERRORS.missingPart.exit;
  }
}

async function buildAll(): Promise<void> {
  process.stderr.write('carryover: building the pages (after a change, some seconds)\n');
  const unfinished = `${DIST}.${process.pid}`;
  const former = `${unfinished}.former`;
  mkdirSync(unfinished);
  try {
    const { build } = await import('vite');
    await build({ root: import.meta.dirname, logLevel: 'warn', build: { outDir: unfinished, emptyOutDir: true } });
    writeFileSync(join(unfinished, PAGE_LIST), JSON.stringify(listOf(unfinished)));
    writeFileSync(join(unfinished, MADE_OF), madeOf);
    mkdirSync(DIST, { recursive: true });
    renameSync(DIST, former);
    renameSync(unfinished, DIST);
  } catch (error) {
    // Two builds at once make the same; the one that came second lets it be.
    if (madeOf !== digestOfBuild()) throw error;
  } finally {
    rmSync(former, { recursive: true, force: true });
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Compresses the assets of a build and lists them. */
function listOf(folder: string): PageList {
  const pages = readdirSync(folder)
    .filter((file) => file.endsWith('.html'))
    .map((file) => [file.replace(/\.html$/, ''), file]);
  const assets = readdirSync(join(folder, 'assets')).map((name) => [`/assets/${name}`, assetOf(folder, name)]);
  return { pages: Object.fromEntries(pages), assets: Object.fromEntries(assets) };
}

function assetOf(folder: string, name: string): Asset {
  const ending = extname(name);
  const type = TYPES[ending];
  if (type === undefined) throw new Error(`No media type is known for ${name}; add one to TYPES.`);
  const identity = `assets/${name}`;
  const content = readFileSync(join(folder, identity));
  const etag = hash('sha256', content, 'base64url').slice(0, 22);
  if (COMPRESSED_ALREADY.has(ending)) return { type, etag, files: { identity } };
  const [br, gzip] = [`${identity}.br`, `${identity}.gz`];
  writeFileSync(
    join(folder, br),
    brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  );
  writeFileSync(join(folder, gzip), gzipSync(content, { level: 9 }));
  return { type, etag, files: { identity, br, gzip } };
}

function digestOfBuild(): string | undefined {
  try {
    return readFileSync(join(DIST, MADE_OF), 'utf8');
  } catch {
    return undefined;
  }
}

function digestOf(patterns: readonly string[]): string {
  const digest = createHash('sha256');
  const files = patterns.flatMap((pattern) => globSync(pattern, { cwd: ROOT, withFileTypes: true }));
  for (const file of files
    .filter((found) => found.isFile() && !/\.test\.tsx?$/.test(found.name))
    .map((found) => join(found.parentPath, found.name))
    .toSorted()) {
    const content = readFileSync(file);
    digest.update(`${relative(ROOT, file)}\0${content.length}\0`).update(content);
  }
  return digest.digest('hex');
}
