/**
 * `node scripts/life-of-a-restore.ts [--check]`: runs a backup and a restore for real and puts what was seen into
 * docs/life-of-a-restore.md; with --check only says whether the page still shows what happens (its bytes may differ).
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filled, shapeOf } from './life-of-a-restore/page.ts';
import { withRecordedRun } from './life-of-a-restore/recorded-run.ts';
import { samplesOf } from './life-of-a-restore/samples.ts';

const PAGE = join(dirname(import.meta.dirname), 'docs', 'life-of-a-restore.md');

const page = readFileSync(PAGE, 'utf8');
const fresh = filled(page, await withRecordedRun(samplesOf));
if (!process.argv.includes('--check')) writeFileSync(PAGE, fresh);
else if (shapeOf(fresh) !== shapeOf(page)) {
  console.error('docs/life-of-a-restore.md is out of date. Run: node scripts/life-of-a-restore.ts');
  process.exitCode = 1;
}
