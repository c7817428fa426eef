import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { languageFrom } from './language.tsx';
import { type Section, type Sentence, sayIn } from './text.ts';

const SECTIONS = readdirSync(join(import.meta.dirname, 'en'));

async function section(language: string, file: string): Promise<Section> {
  const [only] = Object.values(await import(`./${language}/${file}`));
  return only as Section;
}

const textsOf = (sentence: Sentence | undefined) =>
  typeof sentence === 'string' ? [sentence] : [sentence?.one ?? '', sentence?.other ?? ''];

const placeholdersOf = (sentence: Sentence | undefined) =>
  textsOf(sentence).map((text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).toSorted());

test('the sections were found', () => {
  assert.ok(SECTIONS.length >= 4, `only ${SECTIONS.join(', ')}`);
  assert.deepEqual(readdirSync(join(import.meta.dirname, 'de')), SECTIONS);
});

for (const file of SECTIONS) {
  test(`both languages have the same names, forms and placeholders in ${file}`, async () => {
    const [en, de] = await Promise.all([section('en', file), section('de', file)]);

    assert.deepEqual(Object.keys(de), Object.keys(en));
    for (const name of Object.keys(en)) {
      assert.equal(typeof de[name], typeof en[name], `${name}: forms in one language only`);
      assert.deepEqual(placeholdersOf(de[name]), placeholdersOf(en[name]), `${name}: other placeholders`);
    }
  });

  test(`no sentence in ${file} is empty, shouts or hides a placeholder`, async () => {
    for (const language of ['en', 'de']) {
      for (const [name, sentence] of Object.entries(await section(language, file))) {
        for (const text of textsOf(sentence)) {
          assert.match(text, /\S/, `${language} ${name} is empty`);
          assert.doesNotMatch(text, /!/, `${language} ${name} shouts`);
          assert.doesNotMatch(text.replace(/\{\w+\}/g, ''), /[{}]/, `${language} ${name} has a broken placeholder`);
        }
      }
    }
  });
}

test('no name stands in two sections, so that no page loses a sentence to another', async () => {
  const names = (await Promise.all(SECTIONS.map((file) => section('en', file)))).flatMap(Object.keys);

  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
});

test('a sentence takes the form for its number and writes numbers as the language does', () => {
  const words = { found: { one: '{n} Gerät in {place}', other: '{n} Geräte in {place}' }, plain: 'Weiter' } as const;
  const say = sayIn<typeof words>('de', words);

  assert.equal(say('found', { n: 1, place: 'Auental' }), '1 Gerät in Auental');
  assert.equal(say('found', { n: 5214, place: 'Auental' }), '5.214 Geräte in Auental');
  assert.equal(say('plain'), 'Weiter');
});

test('a value with braces is shown as it is', () => {
  const words = { hello: 'Hello {name} of {org}' } as const;

  assert.equal(sayIn<typeof words>('en', words)('hello', { name: '{org}', org: 'X' }), 'Hello {org} of X');
});

test('the first wish we speak is taken, and English when we speak none', () => {
  assert.equal(languageFrom([null, 'fr-CH', 'de-AT', 'en']), 'de');
  assert.equal(languageFrom(['EN-us', 'de']), 'en');
  assert.equal(languageFrom(['fr']), 'en');
});
