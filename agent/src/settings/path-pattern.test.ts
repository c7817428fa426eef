import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedPart, matchesPath } from './path-pattern.ts';

const EXAMPLES: readonly [pattern: string, path: string, matches: boolean][] = [
  ['.face', '.face', true],
  ['.face', '.faces', false],
  ['Templates/*', 'Templates/letter.odt', true],
  ['Templates/*', 'Templates', false],
  ['Templates/*', 'Templates/old/letter.odt', false],
  ['.config/autostart/*.desktop', '.config/autostart/mail.desktop', true],
  ['.config/autostart/*.desktop', '.config/autostart/mail.desktop.bak', false],
  ['.config/autostart/*.desktop', '.config/autostart/.desktop', true],
  ['a*b*c', 'a--b--c', true],
  ['a*b*c', 'abc', true],
  ['ab*ba', 'aba', false],
  ['fonts/**', 'fonts/a/b/c.ttf', true],
  ['fonts/**', 'fonts', false],
  ['**/id_rsa', 'id_rsa', true],
  ['**/id_rsa', 'deep/in/id_rsa', true],
  ['**/id_rsa', 'deep/id_rsa/x', false],
  ['a/**/z', 'a/z', true],
  ['a/**/z', 'a/b/c/z', true],
  ['.config/opera*/**', '.config/opera-beta/Login Data', true],
  ['dots.*', 'dots.txt', true],
  ['dots.*', 'dotsXtxt', false],
];

for (const [pattern, path, matches] of EXAMPLES) {
  test(`"${pattern}" ${matches ? 'stands' : 'does not stand'} for "${path}"`, () => {
    assert.equal(matchesPath(pattern, path), matches);
  });
}

test('a search starts at the last folder before a star', () => {
  assert.equal(fixedPart('.local/share/fonts/**'), '.local/share/fonts');
  assert.equal(fixedPart('.config/user-dirs.dirs'), '.config/user-dirs.dirs');
  assert.equal(fixedPart('*.txt'), '');
});
