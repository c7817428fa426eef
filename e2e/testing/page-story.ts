/**
 * A page at a moment worth seeing: with sample answers, until something is there. Each file of e2e/page-stories exports a
 * list called `stories`; the checks run on every one, and `npm run screenshots` draws those that have a picture.
 */

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import type { Look } from './page-look.ts';
import type { Answers } from './page-server.ts';

export interface PageStory {
  /** What is to be seen, e.g. "the restore page offers two devices"; each once. */
  readonly name: string;
  /** Path and query of the page, e.g. "/restore". */
  readonly address: string;
  readonly answers?: Answers;
  /** When the page believes to be opened; NOW unless given. */
  readonly now?: string;
  readonly sessionStorage?: Readonly<Record<string, string>>;
  /** Does what is needed (a click) and waits until all is there that should be seen. */
  readonly ready: (page: Page) => Promise<unknown>;
  /** The first content of its page: what it loads until then is measured by the benchmark web-size. */
  readonly firstLoad?: boolean;
  /** Drawn to docs/images/FILE.png by `npm run screenshots`. */
  readonly pictures?: readonly Picture[];
}

interface Picture {
  readonly file: string;
  readonly look: Look;
  /** 1440 x 900 unless given. */
  readonly window?: { readonly width: number; readonly height: number };
}

/** The morning of which most stories tell. */
export const NOW = '2026-11-25T08:51:00Z';

const FOLDER = join(import.meta.dirname, '..', 'page-stories');

export async function allStories(): Promise<readonly PageStory[]> {
  const files = globSync('*.ts', { cwd: FOLDER }).toSorted();
  const modules = await Promise.all(files.map((file) => import(pathToFileURL(join(FOLDER, file)).href)));
  return modules.flatMap(({ stories }): readonly PageStory[] => stories);
}
