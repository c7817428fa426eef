/**
 * Writes the templates of Group Policy, which cannot disagree with the code, because they come from it.
 *
 * Usage: node scripts/policy-templates.ts [--check]
 * With --check nothing is written; exit 1 names each file that is stale.
 */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { admlFile } from './policy-templates/adml.ts';
import { admxFile } from './policy-templates/admx.ts';

/** Windows looks for the language's folder beside the definitions. */
const FILES: Readonly<Record<string, () => string>> = {
  'carryover.admx': admxFile,
  'en-US/carryover.adml': () => admlFile('en'),
  'de-DE/carryover.adml': () => admlFile('de'),
};
const FOLDER = join(import.meta.dirname, '..', 'policy-templates', 'windows');

const { values } = parseArgs({ options: { check: { type: 'boolean' } } });

for (const [name, file] of Object.entries(FILES)) {
  const path = join(FOLDER, name);
  const text = file();
  if (values.check) {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    console.error(`policy-templates/windows/${name} is stale: run node scripts/policy-templates.ts`);
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}
