/**
 * The files that server-made pages load: style, script, font and crest, all from here and nowhere else.
 *
 * An address holds the digest of its file, so browsers may keep it for ever and a new release never meets an old style.
 */

import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** Below the service's URL. */
export const PAGE_FILES_PATH = '/page-files/';

interface PageFile {
  /** Below the service's URL. */
  readonly path: string;
  readonly type: string;
  readonly body: Buffer;
}

export interface PageFiles {
  readonly style: PageFile;
  readonly script: PageFile;
  readonly font: PageFile;
  /** For browsers' tabs, and drawn before the organization's name. */
  readonly crest: PageFile;
}

let files: PageFiles | undefined;

/** Read once. Errors: the system's own when the installation is not whole. */
export function pageFiles(): PageFiles {
  files ??= readPageFiles();
  return files;
}

function readPageFiles(): PageFiles {
  const ours = (name: string) => readFileSync(new URL(`http/${name}`, import.meta.url));
  // Latin is what our two languages need; the weight axis alone is half the size of the font with both axes.
  const latin = import.meta.resolve('@fontsource-variable/open-sans/files/open-sans-latin-wght-normal.woff2');
  const font = fileOf('open-sans.woff2', 'font/woff2', readFileSync(new URL(latin)));
  const crest = fileOf('crest.svg', 'image/svg+xml', ours('crest.svg'));
  const style = ours('page.css').toString().replace('FONT"', `${font.path}"`).replace('CREST"', `${crest.path}"`);
  return {
    style: fileOf('page.css', 'text/css; charset=utf-8', Buffer.from(style)),
    script: fileOf('page.js', 'text/javascript; charset=utf-8', ours('page-script.js')),
    font,
    crest,
  };
}

function fileOf(name: string, type: string, body: Buffer): PageFile {
  const digest = hash('sha256', body).slice(0, 16);
  return { path: `${PAGE_FILES_PATH}${name.replace('.', `-${digest}.`)}`, type, body };
}
