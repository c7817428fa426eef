/**
 * Writes catalog/catalog.json from catalog/*.yaml: the one file that agent and service load.
 *
 * Usage: node scripts/compile-catalog.ts [--check] [FOLDER]
 * With --check nothing is written; exit 1 when the file on disk differs from what the YAML says.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalogFrom, catalogText } from './catalog/compile.ts';
import { readCatalogFiles } from './catalog/files.ts';

const { values, positionals } = parseArgs({ options: { check: { type: 'boolean' } }, allowPositionals: true });
const folder = positionals[0] ?? join(import.meta.dirname, '..', 'catalog');
const path = join(folder, 'catalog.json');
const catalog = catalogFrom(readCatalogFiles(folder));
const text = catalogText(catalog);

if (!values.check) {
  writeFileSync(path, text);
  console.log(`${path}: ${catalog.settings.length} settings, version ${catalog.version}`);
} else if (!existsSync(path) || readFileSync(path, 'utf8') !== text) {
  console.error(`${path} is stale: run node scripts/compile-catalog.ts`);
  process.exitCode = 1;
}
