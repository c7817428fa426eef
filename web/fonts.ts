/**
 * Cuts Open Sans to what the pages use: two files of letters, two weights and what lies between, one width.
 *
 * The package's file has 83 kB, most of it axes and letters that are never drawn; what is cut has under 20 kB, and the
 * letters of other western languages come only when a name needs them. The licence (OFL, without reserved names) allows it.
 * Cascadia Code reserves its name, so it is shipped as it comes.
 */

import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import subsetFont from 'subset-font';

const SOURCE = '@fontsource-variable/open-sans/files/open-sans-latin-wdth-normal.woff2';
const FOLDER = join(import.meta.dirname, '.cache', 'fonts');

/** Regular for text, semibold for names and titles; the width of the pictures (screens.md section 2). */
const AXES = { wdth: 96, wght: { min: 400, max: 600 } };

/** English, German and the signs the pages draw. fonts.css names the same letters as ranges. */
const BASIC = `${letters(0x20, 0x7e)}\u00a0§«°·»ÄÖÜßäöü×–—‘’‚“”„•…→`;
const MORE = `${letters(0xa1, 0xff)}ŒœŸ‹›€←−`;

const FILES = {
  'open-sans-basic.woff2': BASIC,
  'open-sans-more.woff2': [...MORE].filter((letter) => !BASIC.includes(letter)).join(''),
} as const;

/** Writes the files that are missing; nothing is done when all are there. */
export async function writeFonts(): Promise<void> {
  const missing = Object.entries(FILES).filter(([name]) => !existsSync(join(FOLDER, name)));
  if (missing.length === 0) return;
  const source = readFileSync(createRequire(import.meta.url).resolve(SOURCE));
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, text] of missing) {
    const cut = await subsetFont(source, text, { targetFormat: 'woff2', variationAxes: AXES });
    // Under another name first: a build that was stopped leaves no half font behind.
    const unfinished = join(FOLDER, `${name}.${process.pid}`);
    writeFileSync(unfinished, cut);
    renameSync(unfinished, join(FOLDER, name));
  }
}

function letters(from: number, to: number): string {
  return Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index)).join('');
}
