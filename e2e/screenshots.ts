/** Draws the pictures of the pages again: npm run screenshots [WORD…]. WORDs choose pictures by their file's name. */

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { showPage, startChromium } from './testing/page-look.ts';
import { servePages } from './testing/page-server.ts';
import { allStories, NOW } from './testing/page-story.ts';

const IMAGES = join(dirname(import.meta.dirname), 'docs', 'images');

const words = process.argv.slice(2);
const chosen = (await allStories()).flatMap((story) =>
  (story.pictures ?? [])
    .filter(({ file }) => words.length === 0 || words.some((word) => file.includes(word)))
    .map((picture) => ({ ...story, picture })),
);

mkdirSync(IMAGES, { recursive: true });
const browser = await startChromium();
try {
  for (const { address, answers, ready, now = NOW, sessionStorage, picture } of chosen) {
    const server = await servePages(answers);
    const { look, window } = picture;
    const shown = await showPage(browser, {
      url: `${server.url}${address}`,
      look,
      now,
      ...(window === undefined ? {} : { window }),
      ...(sessionStorage === undefined ? {} : { sessionStorage }),
    });
    try {
      await ready(shown.page);
      await shown.page.evaluate('document.fonts.ready.then(() => undefined)');
      await shown.page.screenshot({ path: join(IMAGES, `${picture.file}.png`) });
      console.log(`docs/images/${picture.file}.png`);
    } finally {
      await shown.close();
      await server.stop();
    }
  }
} finally {
  await browser.close();
}
