import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ERRORS } from '../model/src/errors.ts';
import { POLICIES } from '../model/src/policy-definitions.ts';
import { REASONS } from '../model/src/reasons.ts';
import type { Catalog } from '../model/src/setting.ts';
import { errorsPage } from './reference/errors-page.ts';
import { table } from './reference/markdown.ts';
import { policiesPage } from './reference/policies-page.ts';
import { reasonsPage } from './reference/reasons-page.ts';
import { settingsPage } from './reference/settings-page.ts';

const ROOT = join(import.meta.dirname, '..');

const PAGES = { errors: errorsPage, policies: policiesPage, reasons: reasonsPage, settings: settingsPage };

for (const [name, page] of Object.entries(PAGES))
  test(`docs/reference/${name}.md says what the code says`, () => {
    assert.equal(readFileSync(join(ROOT, 'docs/reference', `${name}.md`), 'utf8'), page());
  });

test('every code, policy, reason and setting has a row', () => {
  const catalog = JSON.parse(readFileSync(join(ROOT, 'catalog/catalog.json'), 'utf8')) as Catalog;
  const rows = (page: string, id: string) => page.split('\n').filter((line) => line.startsWith(`| \`${id}\` |`)).length;

  for (const id of Object.keys(ERRORS)) assert.equal(rows(errorsPage(), id), 1, id);
  for (const id of Object.keys(REASONS)) assert.equal(rows(reasonsPage(), id), 2, id);
  for (const { name } of POLICIES) assert.equal(rows(policiesPage(), name), 2, name);
  const settings = settingsPage();
  for (const { id } of catalog.settings) assert.equal(rows(settings, id), 1, id);
});

test('a bar in a text does not break the table', () => {
  assert.equal(table(['a'], [['b|c']]), '| a |\n| --- |\n| b\\|c |');
});
