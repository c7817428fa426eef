/**
 * Follows docs/how-to/add-a-setting.md to the letter: its YAML goes into a copy of the catalog, its commands run there.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { registryValueOf, settingForDconfKey, titleOf } from '../model/src/catalog.ts';
import type { Catalog } from '../model/src/setting.ts';
import { catalogFaults } from './catalog/check.ts';

const ROOT = join(import.meta.dirname, '..');
const PAGE = readFileSync(join(ROOT, 'docs/how-to/add-a-setting.md'), 'utf8');

let copy = '';

beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'carryover-add-'));
  cpSync(join(ROOT, 'catalog'), join(copy, 'catalog'), { recursive: true });
});

afterEach(() => rmSync(copy, { recursive: true }));

/** The page's YAML: the first line of each block names the file. */
function snippets(): { file: string; yaml: string }[] {
  return [...PAGE.matchAll(/```yaml\n# (catalog\/[\w-]+\.yaml)\n(.*?)```/gs)].map(([, file = '', yaml = '']) => ({
    file,
    yaml,
  }));
}

function run(command: string, folder: string): void {
  const [program = '', ...args] = command.split(' ');
  execFileSync(program === 'node' ? process.execPath : program, [...args, folder], { cwd: ROOT });
}

test('what the page tells to write, compile and check is then carried over', () => {
  const key = '/org/gnome/settings-daemon/peripherals/keyboard/bell-mode';
  const before = JSON.parse(readFileSync(join(copy, 'catalog/catalog.json'), 'utf8')) as Catalog;
  assert.equal(settingForDconfKey(before, key), undefined);

  for (const { file, yaml } of snippets()) {
    if (yaml.includes('\narea: ')) writeFileSync(join(copy, file), yaml);
    else appendFileSync(join(copy, file), `\n${yaml}`);
  }
  const [compile = ''] = /^node scripts\/compile-catalog\.ts$/m.exec(PAGE) ?? [];
  run(compile, join(copy, 'catalog'));

  assert.deepEqual(catalogFaults(join(copy, 'catalog')), []);
  const after = JSON.parse(readFileSync(join(copy, 'catalog/catalog.json'), 'utf8')) as Catalog;
  const match = settingForDconfKey(after, key);
  assert.equal(match?.itemId, 'keyboard.bell');
  assert.equal(match?.setting.category, 'other');
  assert.equal(titleOf(after, 'keyboard.bell', 'de'), 'Tastaturton');
  assert.equal(settingForDconfKey(after, '/org/gnome/TextEditor/style-scheme')?.setting.area, 'text-editor');
  assert.equal(registryValueOf(after, 'explorer.desktop.labelShadows', 26100)?.value, 'ListviewShadow');
  assert.notEqual(after.version, before.version);
});

test('the page names three places to write to, and commands that exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };

  assert.deepEqual(
    snippets().map(({ file }) => file),
    ['catalog/keyboard.yaml', 'catalog/text-editor.yaml', 'catalog/windows-explorer.yaml'],
  );
  for (const [, script = ''] of PAGE.matchAll(/^node (scripts\/[\w-]+\.ts)$/gm))
    assert.ok(readFileSync(join(ROOT, script), 'utf8').length > 0, script);
  for (const [, script = ''] of PAGE.matchAll(/^npm run (\w+)$/gm)) assert.ok(scripts[script], script);
});
