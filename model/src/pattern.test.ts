import assert from 'node:assert/strict';
import { test } from 'node:test';
import { covers, patternsMeet, patternToRegExp } from './pattern.ts';

const HOLDS: readonly [pattern: string, path: string, held: boolean][] = [
  ['/a/b', '/a/b', true],
  ['/a/b', '/a/bc', false],
  ['/a/*', '/a/b', true],
  ['/a/*', '/a/b/c', false],
  ['/a/*/c', '/a/b/c', true],
  ['/a/**', '/a/b/c', true],
  ['/a/**', '/a', false],
  ['/**/x', '/x', true],
  ['/**/x', '/a/b/x', true],
  ['/**/x', '/a/b/xy', false],
  ['/**/*last-coordinates*', '/org/night-light-last-coordinates', true],
  ['.config/*.desktop', '.config/a.desktop', true],
  ['.config/*.desktop', '.config/a/b.desktop', false],
  ['a.b', 'axb', false],
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
  ['a/**', 'a/b\nc', true],
];

for (const [pattern, path, held] of HOLDS)
  test(`${pattern} ${held ? 'holds' : 'does not hold'} ${path}`, () => {
    assert.equal(patternToRegExp(pattern).test(path), held);
  });

const MEETS: readonly [a: string, b: string, meets: boolean][] = [
  ['/a/b', '/a/b', true],
  ['/a/b', '/a/c', false],
  ['/a/*', '/a/b', true],
  ['/a/*', '/b/*', false],
  ['/a/*', '/*/b', true],
  ['/a/**', '/a/b/*', true],
  ['/**/x', '/a/**', true],
  ['/**/x', '/a/*y', false],
  ['/a/x*', '/a/*y', true],
  ['/a/x*', '/a/y*', false],
  ['/**/b/**', '/a/**/c', true],
];

for (const [a, b, meets] of MEETS)
  test(`${a} and ${b} ${meets ? 'can' : 'cannot'} hold the same path`, () => {
    assert.equal(patternsMeet(a, b), meets);
    assert.equal(patternsMeet(b, a), meets);
  });

const COVERS: readonly [wide: string, narrow: string, covered: boolean][] = [
  ['/a/**', '/a/b', true],
  ['/a/**', '/a/b/*', true],
  ['/a/*', '/a/**', false],
  ['/a/*', '/a/*', true],
  ['/a/b', '/a/*', false],
  ['/a/*b', '/a/xb', true],
];

for (const [wide, narrow, covered] of COVERS)
  test(`${wide} ${covered ? 'covers' : 'does not cover'} ${narrow}`, () => {
    assert.equal(covers(wide, narrow), covered);
  });
