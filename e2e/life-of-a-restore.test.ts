/** The page that newcomers read first shows what really happens: it is made again from a real run and compared. */

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { filled, shapeOf } from '../scripts/life-of-a-restore/page.ts';
import { withRecordedRun } from '../scripts/life-of-a-restore/recorded-run.ts';
import { samplesOf } from '../scripts/life-of-a-restore/samples.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const PAGE = readFileSync(join(DOCS, 'life-of-a-restore.md'), 'utf8');

test('docs/life-of-a-restore.md shows what a run shows, but for its bytes', async () => {
  const samples = await withRecordedRun(samplesOf);

  const fresh = filled(PAGE, samples);

  assert.equal(shapeOf(PAGE), shapeOf(fresh), 'Run: node scripts/life-of-a-restore.ts');
});

test('another word or line in a sample is another shape, other bytes are not', () => {
  const page = '{ "id": "0123456789abcdef0123", "status": "applied", "bytes": 12 }';

  assert.equal(shapeOf(page), shapeOf(page.replace('0123456789', 'fedcba9876').replace('12 }', '13 }')));
  assert.notEqual(shapeOf(page), shapeOf(page.replace('applied', 'failed')));
  assert.notEqual(shapeOf(page), shapeOf(`${page}\n{}`));
});

test('a sample that the page lacks, and one it has too many, is named', () => {
  const page = '<!-- sample: one -->\n```\nold\n```\n';

  assert.equal(filled(page, { one: 'new' }), '<!-- sample: one -->\n```\nnew\n```\n');
  assert.throws(() => filled(page, { one: 'new', two: 'x' }), /two/);
  assert.throws(() => filled(page, {}), /one/);
});

test('the page leads only to what is there', () => {
  const links = [...PAGE.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);

  assert.deepEqual(
    links.filter((path) => !existsSync(join(DOCS, path))),
    [],
  );
});
