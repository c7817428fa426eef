import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryPassword } from './admin.ts';
import { importFaultText, MAX_IMPORTED_PEOPLE, passwordsCsv, peopleFrom } from './people-import.ts';

const nameKey = (name: string) => name.trim().toLowerCase();
const from = (text: string) => peopleFrom(text, nameKey);
const HEAD = 'displayName,userPrincipalName';
const codesOf = (text: string) => from(text).faults.map(({ line, code }) => [line, code]);

test('a file of people is read in order, with the line of each', () => {
  const { people, faults } = from(
    `${HEAD}\r\nLena Brandt,lena@auental.example\r\n\r\n"Dahl, Søren",soeren@auental.example`,
  );

  assert.deepEqual(faults, []);
  assert.deepEqual(people, [
    { line: 2, displayName: 'Lena Brandt', userPrincipalName: 'lena@auental.example' },
    { line: 4, displayName: 'Dahl, Søren', userPrincipalName: 'soeren@auental.example' },
  ]);
});

test('semicolons, a byte order mark, other columns and quotes in quotes are taken', () => {
  const { people } = from('\uFEFFAbteilung;userPrincipalName;displayName\nAmt;a@b.example;"Anna ""Ann"" ""B"""\n');

  assert.deepEqual(people, [{ line: 2, displayName: 'Anna "Ann" "B"', userPrincipalName: 'a@b.example' }]);
});

test('the template of Microsoft Entra is taken as it is', () => {
  const head =
    'Name [displayName] Required,User name [userPrincipalName] Required,Initial password [passwordProfile] Required';

  assert.deepEqual(codesOf(`version:v1.0\n${head}\nAnna,anna@b.example,`), []);
  assert.deepEqual(codesOf(`version:v1.0\n${head}\nAnna,anna@b.example,secret`), [[3, 'passwordColumn']]);
});

test('every fault of a file is told at once, each with its line', () => {
  const text = `${HEAD}\nAnna,anna@b.example\n,nobody\n"two\nlines",anna@B.example\n${'x'.repeat(257)},x@b.example`;

  assert.deepEqual(codesOf(text), [
    [3, 'userPrincipalName'],
    [3, 'displayName'],
    [4, 'nameTwice'],
    [6, 'displayName'],
  ]);
});

test('a file without people, columns or the end of a quote says so', () => {
  assert.deepEqual(codesOf(''), [
    [1, 'columnMissing'],
    [1, 'columnMissing'],
  ]);
  assert.deepEqual(codesOf(`${HEAD}\n`), [[1, 'empty']]);
  assert.deepEqual(codesOf(`${HEAD}\nAnna,anna@b.example\n"Bob,bob@b.example\n`), [[3, 'quoteOpen']]);
});

test('ten thousand people are taken, one more is not', () => {
  const rows = Array.from({ length: MAX_IMPORTED_PEOPLE }, (_, index) => `P,p${index}@b.example`).join('\n');

  assert.deepEqual(codesOf(`${HEAD}\n${rows}`), []);
  assert.deepEqual(codesOf(`${HEAD}\n${rows}\nQ,q@b.example`), [[MAX_IMPORTED_PEOPLE + 2, 'tooManyPeople']]);
});

test('a fault is a sentence in both languages', () => {
  const fault = { line: 3, code: 'nameTaken', value: 'anna@b.example' } as const;

  assert.equal(importFaultText(fault, 'en'), 'There is an account named anna@b.example already.');
  assert.equal(importFaultText(fault, 'de'), 'Es gibt schon ein Konto namens anna@b.example.');
});

test('a name that a spreadsheet would run is text in the file of passwords', () => {
  const file = passwordsCsv([
    { displayName: '=1+1 "x"', userPrincipalName: 'a@b.example', temporaryPassword: 'ABCDE' },
  ]);

  assert.equal(file, `displayName,userPrincipalName,temporaryPassword\r\n"'=1+1 ""x""","a@b.example","ABCDE"\r\n`);
});

test('a temporary password is four groups of five letters that cannot be mistaken', () => {
  const password = temporaryPassword(new Uint8Array(Array.from({ length: 20 }, (_, index) => index * 13)));

  assert.match(password, /^([A-HJ-NP-Z2-9]{5}-){3}[A-HJ-NP-Z2-9]{5}$/);
  assert.throws(() => temporaryPassword(new Uint8Array(19)), RangeError);
});
