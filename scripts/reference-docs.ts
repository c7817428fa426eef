/**
 * Writes the reference pages that cannot disagree with the code, because they come from it.
 *
 * Usage: node scripts/reference-docs.ts [--check]
 * With --check nothing is written; exit 1 names each page that is stale. A new page is one more line in PAGES.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { errorsPage } from './reference/errors-page.ts';
import { policiesPage } from './reference/policies-page.ts';
import { reasonsPage } from './reference/reasons-page.ts';
import { settingsPage } from './reference/settings-page.ts';
import { windowsPage } from './reference/windows-page.ts';

const PAGES: Readonly<Record<string, () => string>> = {
  'errors.md': errorsPage,
  'policies.md': policiesPage,
  'reasons.md': reasonsPage,
  'settings.md': settingsPage,
  '../windows.md': windowsPage,
};
const FOLDER = join(import.meta.dirname, '..', 'docs', 'reference');

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });

for (const [name, page] of Object.entries(PAGES)) {
  const path = join(FOLDER, name);
  const text = page();
  if (!values.check) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
    console.error(`docs/reference/${name} is stale: run node scripts/reference-docs.ts`);
    process.exitCode = 1;
  }
}
