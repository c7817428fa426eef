/** Which policy files count, in which order, and what is said of those that do not. */

import assert from 'node:assert/strict';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { wordsOf } from '@carryover/model/reasons';
import { memorySystem } from '../../testing/memory-system.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { policyFiles } from './policy-files.ts';

const FOLDER = '/etc/carryover/policy.d';
const PLACES = { folder: FOLDER, owners: [0] };
const ON = '{ "EnableWindowsBackup": true }';

function machine(files: Readonly<Record<string, string>> = {}) {
  const system = memorySystem();
  for (const [name, text] of Object.entries(files)) system.put(`${FOLDER}/${name}`, text);
  return { system, source: policyFiles(system, PLACES) };
}

test("files are read in the order of their names, each a document; other files and editors' own are passed over", async () => {
  const { source } = machine({
    '20-b.json': '{ "name": "B", "EnableWindowsBackup": false }',
    '10-a.json': ON,
    'README.txt': 'not a policy',
    '.10-a.json.swp.json': 'an editor has it',
  });

  const { documents, problems } = await source.read();

  assert.deepEqual(
    documents.map(({ source: from, name }) => [from, name]),
    [
      ['policyFile', `${FOLDER}/10-a.json`],
      ['policyFile', 'B'],
    ],
  );
  assert.deepEqual(problems, []);
});

test('without the folder, and without files in it, nothing is written here', async () => {
  for (const { source } of [machine(), machine({ 'README.txt': 'later' })]) {
    assert.equal(await source.mark(), '');
    assert.deepEqual(await source.read(), { documents: [], problems: [] });
  }
});

test('a folder that the person may not look into is no empty one, and one that is a link is none', async () => {
  const { system } = machine({ '10.json': ON });
  const denied = () => Promise.reject(Object.assign(new Error('no'), { code: 'EACCES' }));
  const linked = memorySystem();
  linked.links.set(FOLDER, '/home/ada/policies');

  for (const [there, detail] of [
    [{ ...system, list: denied }, 'EACCES'],
    [{ ...system, facts: denied }, 'EACCES'],
    [linked, 'link'],
  ] as const) {
    const source = policyFiles(there, PLACES);
    assert.equal(await source.mark(), '');
    assert.deepEqual(await source.read(), {
      documents: [],
      problems: [{ code: 'policyFolderUnreadable', facts: { folder: FOLDER, detail } }],
    });
  }
});

test('a file that cannot be read, or is no UTF-8, says so, and the others hold', async () => {
  const { system } = machine({ '10.json': ON, '20.json': ON });
  system.put(`${FOLDER}/30.json`, Uint8Array.of(0x7b, 0xff, 0x7d));
  const readFile: typeof system.readFile = async (path) => {
    if (path.endsWith('/10.json')) throw Object.assign(new Error('no'), { code: 'EACCES' });
    return system.readFile(path);
  };

  const { documents, problems } = await policyFiles({ ...system, readFile }, PLACES).read();

  assert.deepEqual(
    documents.map(({ name }) => name),
    [`${FOLDER}/20.json`],
  );
  assert.deepEqual(
    problems.map(({ code, facts }) => `${code} ${facts?.['file']} ${facts?.['detail']}`),
    [`policyFileUnreadable ${FOLDER}/10.json EACCES`, `policyFileUnreadable ${FOLDER}/30.json UTF-8`],
  );
});

test('a file of somebody else than root, or that others may write, is ignored and the others hold', async () => {
  const { system, source } = machine({ '10-good.json': ON });
  system.put(`${FOLDER}/20-person.json`, ON, 0o644, 1000);
  system.put(`${FOLDER}/30-group.json`, ON, 0o664);
  system.put(`${FOLDER}/40-everybody.json`, ON, 0o646);

  const { documents, problems } = await source.read();

  assert.deepEqual(
    documents.map(({ name }) => name),
    [`${FOLDER}/10-good.json`],
  );
  assert.deepEqual(
    problems.map(({ code, facts }) => `${code} ${facts?.['file']}`),
    ['20-person', '30-group', '40-everybody'].map((name) => `policyFileNotTrusted ${FOLDER}/${name}.json`),
  );
});

test('a file too large, one that is no JSON and one beyond the hundredth each say so', async () => {
  const { system, source } = machine({
    '10-large.json': `{ "name": "${' '.repeat(65_536)}" }`,
    '20-broken.json': '{ "EnableWindowsBackup": yes }',
    '30-last.json': ON,
  });
  for (let index = 100; index < 198; index += 1) system.put(`${FOLDER}/${index}.json`, ON);

  const { documents, problems } = await source.read();

  assert.equal(documents.length, 98);
  assert.deepEqual(
    problems.map(({ code, facts }) => `${code} ${facts?.['file']}`),
    [
      `policyFileTooLarge ${FOLDER}/10-large.json`,
      `policyFileNotJson ${FOLDER}/20-broken.json`,
      `policyFilesTooMany ${FOLDER}/30-last.json`,
    ],
  );
});

test('the mark changes with every change of a file, of its rights and of the folder', async () => {
  await using home = await temporaryHome();
  const folder = join(home.root, 'policy.d');
  const file = join(folder, '10.json');
  const source = policyFiles(home, { folder, owners: [process.getuid?.() ?? 0] });
  const marks = [await source.mark()];
  const afterwards = async (change: () => Promise<unknown>) => {
    await change();
    marks.push(await source.mark());
  };

  await mkdir(folder, { mode: 0o755 });
  await afterwards(() => writeFile(file, ON, { mode: 0o644 }));
  await afterwards(() => writeFile(file, '{ "EnableWindowsBackup": false }'));
  await afterwards(() => chmod(file, 0o666));
  await afterwards(() => chmod(folder, 0o777));
  await afterwards(() => writeFile(join(folder, '20.json'), ON));

  assert.equal(marks[0], '');
  assert.equal(new Set(marks).size, marks.length);
  assert.equal(await source.mark(), marks.at(-1));
});

test('on a real disk: a folder that others may write is ignored as a whole, a link and a folder as a file too', async () => {
  await using home = await temporaryHome();
  const folder = join(home.root, 'policy.d');
  const source = policyFiles(home, { folder, owners: [process.getuid?.() ?? 0] });
  await mkdir(join(folder, '30-folder.json'), { recursive: true, mode: 0o755 });
  await writeFile(join(folder, '10-good.json'), ON, { mode: 0o644 });
  await writeFile(join(home.root, 'elsewhere'), ON, { mode: 0o644 });
  await symlink(join(home.root, 'elsewhere'), join(folder, '20-link.json'));

  const trusted = await source.read();
  await chmod(folder, 0o777);
  const untrusted = await source.read();

  assert.deepEqual(
    trusted.documents.map(({ name }) => name),
    [join(folder, '10-good.json')],
  );
  assert.deepEqual(
    trusted.problems.map((problem) => wordsOf(problem).reason),
    [
      `${folder}/20-link.json is ignored: it cannot be read (link).`,
      `${folder}/30-folder.json is ignored: it cannot be read (directory).`,
    ],
  );
  assert.deepEqual(untrusted, {
    documents: [],
    problems: [{ code: 'policyFileNotTrusted', facts: { file: folder } }],
  });
});
