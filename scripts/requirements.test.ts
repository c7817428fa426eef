/** docs/requirements.md names every requirement, and its proofs exist: a row cannot point at a test that is not there. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

const ROOT = dirname(import.meta.dirname);
const PAGE = readFileSync(join(ROOT, 'docs', 'requirements.md'), 'utf8');

interface Row {
  readonly id: string;
  readonly sentence: string;
  readonly proof: string;
}

const ROWS: readonly Row[] = [...PAGE.matchAll(/^\| ([RBP]?\d+) \| (.+) \| (.+) \|$/gm)].map(
  ([, id = '', sentence = '', proof = '']) => ({ id, sentence, proof }),
);

const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${letter}${index + 1}`);

test('every requirement, promise and invariant has one row', () => {
  const expected = [...numbered('R', 16), ...numbered('B', 16), ...numbered('P', 5), ...numbered('', 10)];

  assert.deepEqual(ROWS.map(({ id }) => id).sort(), expected.sort());
});

test('the invariants are those of the architecture, in its order', () => {
  const architecture = readFileSync(join(ROOT, 'docs', 'architecture.md'), 'utf8');
  const [, section = ''] = /\n## Invariants\n([\s\S]*?)(?:\n## |$)/.exec(architecture) ?? [];
  const stated = [...section.matchAll(/^\d+\. (.+?)[.;]?$/gm)].map(([, sentence = '']) => sentence);

  const rows = ROWS.filter(({ id }) => /^\d+$/.test(id));

  assert.equal(rows.length, stated.length);
  for (const [index, sentence] of stated.entries())
    assert.ok(rows[index]?.sentence.startsWith(sentence), `row ${index + 1} says "${sentence}"`);
});

test('a row names tests or says that there is none yet', () => {
  for (const { id, sentence, proof } of ROWS) {
    const isOpen = proof === '*not yet*';
    assert.ok(isOpen || proofsOf(proof).length > 0, `${id} has a proof`);
    if (isOpen) assert.match(sentence, /\*not yet/, `${id} says so in its sentence`);
  }
});

test('every file named exists, and every proof holds at least one test', () => {
  for (const { id, proof } of ROWS)
    for (const { text, file } of proofsOf(proof)) {
      assert.equal(text, file, `${id}: what is shown is where it leads`);
      assert.match(file, /\.test\.tsx?$/, `${id}: ${file} is a test file`);
      assert.match(
        readFileSync(join(ROOT, file), 'utf8'),
        /^\s*(await )?(context\.)?test\w*\(/m,
        `${id}: ${file} tests`,
      );
    }
  for (const [, path = ''] of PAGE.matchAll(/\]\(([^)]+)\)/g)) readFileSync(join(ROOT, 'docs', path));
});

/** The links of the last column; whatever else stands there is a fault. */
function proofsOf(proof: string): { readonly text: string; readonly file: string }[] {
  const links = [...proof.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(([, text = '', file = '']) => ({
    text,
    file,
  }));
  const rest = proof.replace(/\[[^\]]+\]\([^)]+\)/g, '').replace(/[,\s]/g, '');
  assert.ok(rest === '' || proof === '*not yet*', `"${proof}" is a list of tests`);
  return links;
}
