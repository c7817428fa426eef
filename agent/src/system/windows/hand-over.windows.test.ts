/**
 * The hand-over folders by Windows' own functions. Wine keeps no access lists of files: that one person cannot open what
 * another handed over is for a real Windows to show.
 */

import assert from 'node:assert/strict';
import { link, mkdir, readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { realSystem } from '../real.ts';
import { securityIdFrom } from '../security-id.ts';
import { windowsHandOver } from './hand-over.ts';
import { loadKoffi } from './koffi.ts';

const system = realSystem();
const account = await system.processes?.accountOf(process.pid);
const PERSON = securityIdFrom(Buffer.from(account ?? '', 'hex'));
const NAME = `${PERSON}.1b4e28ba-2fa1-41d2-883f-0016d3cca427`;
const door = system.handOver ?? assert.fail('this is no Windows');
const requests = `${system.systemFolder}/elevated/requests`;
const answers = `${system.systemFolder}/elevated/answers`;

test('the folders are there once they were made, also when that is done twice, and gone once they are removed', async () => {
  assert.equal(await door.isThere(), false);
  await door.make();
  await door.make();

  assert.equal(await door.isThere(), true);
  await door.remove();
  await door.remove();
  assert.equal(await door.isThere(), false);
});

test('folders of somebody else count as none, and nobody makes them theirs', async () => {
  const systemFolder = `${system.systemFolder}-of-others`;
  const koffi = await loadKoffi(`${system.stateFolder}`);
  await mkdir(`${systemFolder}/elevated/requests`, { recursive: true });
  await mkdir(`${systemFolder}/elevated/answers`);
  const ofAnother = windowsHandOver(koffi, { systemFolder, self: async () => 'S-1-5-21-1-2-3-1001' });

  assert.equal(await ofAnother.isThere(), false);
  await assert.rejects(ofAnother.make(), /belongs to somebody/);
});

test('what was put is taken once, with whom Windows says it belongs to', async () => {
  await door.make();
  await door.put(NAME, '{"format":1}');
  const waiting = await door.waiting();

  const taken = await door.take(NAME, 100);

  assert.deepEqual(waiting, [NAME]);
  assert.deepEqual([taken?.kind, taken?.owner, taken?.names], ['file', PERSON, 1]);
  assert.equal(String(taken?.content), '{"format":1}');
  assert.ok(Math.abs(Number(taken?.changedAt.since(system.now()).total('seconds'))) < 600);
  assert.equal(await door.take(NAME, 100), undefined);
  assert.deepEqual(await door.waiting(), []);
  assert.equal(await door.withdraw(NAME), false);
});

test('a name that is there is not put again, and what is withdrawn is not taken', async () => {
  await door.make();
  await door.put(NAME, 'one');
  await assert.rejects(door.put(NAME, 'two'), { code: 'EEXIST' });

  assert.equal(await door.withdraw(NAME), true);
  assert.equal(await door.take(NAME, 100), undefined);
});

test('what is too large is removed without being read, and a file with a second name says so', async () => {
  await door.make();
  await door.put(NAME, 'x'.repeat(101));
  const large = await door.take(NAME, 100);
  await writeFile(`${system.systemFolder}/elsewhere`, 'x');
  await link(`${system.systemFolder}/elsewhere`, `${requests}/${NAME}`);
  const second = await door.take(NAME, 100);

  assert.deepEqual([large?.kind, large?.content], ['file', undefined]);
  assert.equal(second?.names, 2);
  assert.deepEqual(await readdir(requests), []);
  assert.equal(await readFile(`${system.systemFolder}/elsewhere`, 'utf8'), 'x');
});

test('an answer is there as a whole, is removed by whom it is for, and old ones go by themselves', async () => {
  await door.make();
  assert.equal(await door.answer(NAME), undefined);
  await door.reply(NAME, 'done', PERSON);

  assert.equal(String(await door.answer(NAME)), 'done');
  assert.deepEqual(await readdir(answers), [NAME]);
  await door.removeAnswer(NAME);
  await door.removeAnswer(NAME);
  await door.reply(NAME, 'old', PERSON);
  await utimes(`${answers}/${NAME}`, 1_700_000_000, 1_700_000_000);
  await door.forgetAnswers(Temporal.Instant.from('2026-01-01T00:00:00Z'));
  assert.equal(await door.answer(NAME), undefined);
});

for (const name of ['..', 'a/b', 'a\\b', 'a:b', 'C:', ''])
  test(`"${name}" is no name of a request`, async () => {
    await assert.rejects(door.put(name, 'x'), /Not a name/);
    await assert.rejects(door.take(name, 1), /Not a name/);
  });
