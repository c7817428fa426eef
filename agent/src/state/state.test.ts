import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { refusedWith } from '../../testing/refused-with.ts';
import { type TemporaryHome, temporaryHome } from '../../testing/temporary-home.ts';
import { fileState } from './state.ts';

const TOKENS = { backup: { accessToken: 'a', expiresAt: 1_800_000_000, refreshToken: 'r' } };

test('what is written is read again, and only the person may read the file', async () => {
  await using home = await temporaryHome();
  const state = fileState(home, assert.fail);

  await state.write('tokens', TOKENS);

  assert.deepEqual(await state.read('tokens'), TOKENS);
  const { mode } = await stat(`${home.stateFolder}/tokens.json`);
  assert.equal(mode & 0o777, 0o600);
});

test('what was never written or was removed is absent', async () => {
  await using home = await temporaryHome();
  const state = fileState(home, assert.fail);
  await state.write('tokens', TOKENS);

  await state.remove('tokens');
  await state.remove('tokens');

  assert.equal(await state.read('tokens'), undefined);
  assert.equal(await state.read('acknowledged'), undefined);
});

const DAMAGES: readonly (readonly [string, string | Uint8Array])[] = [
  ['cut short', '{"backup":{"acces'],
  ['empty', ''],
  ['of another shape', '{"backup":{"accessToken":7}}'],
  ['not text', Uint8Array.of(0xff, 0xfe, 0x00)],
  ['null', 'null'],
];
for (const [damage, content] of DAMAGES) {
  test(`a state file that is ${damage} is set aside with a sentence and counts as absent`, async () => {
    await using home = await temporaryHome();
    const warnings: string[] = [];
    const state = fileState(home, (sentence) => void warnings.push(sentence));
    await state.write('tokens', TOKENS);
    await writeFile(`${home.stateFolder}/tokens.json`, content);

    assert.equal(await state.read('tokens'), undefined);

    const [kept = ''] = (await readdir(home.stateFolder)).filter((name) => name.startsWith('tokens.damaged-'));
    assert.deepEqual(await readFile(`${home.stateFolder}/${kept}`), Buffer.from(content));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? '', /kept as .*tokens\.damaged-.*asks you to sign in/);
    await state.write('tokens', TOKENS);
    assert.deepEqual(await state.read('tokens'), TOKENS);
  });
}

test('a member this version does not know stays', async () => {
  await using home = await temporaryHome();
  const state = fileState(home, assert.fail);
  const written = { ...TOKENS, fromTheFuture: { accessToken: 'x', expiresAt: 1 } };

  await state.write('tokens', written);

  assert.deepEqual(await state.read('tokens'), written);
});

test('two works that must be alone follow each other', async () => {
  await using home = await temporaryHome();
  const [one, other] = [fileState(home, assert.fail), fileState(home, assert.fail)];
  const events: string[] = [];
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  const { promise: began, resolve: begin } = Promise.withResolvers<void>();

  const first = one.exclusively(async () => {
    events.push('first begins');
    begin();
    await mayEnd;
    events.push('first ends');
  });
  await began;
  const second = other.exclusively(async () => void events.push('second'));
  end();
  await Promise.all([first, second]);

  assert.deepEqual(events, ['first begins', 'first ends', 'second']);
});

test('a run that does not want to wait is told that another is at work', async () => {
  await using home = await temporaryHome();
  const state = fileState(home, assert.fail);

  await state.exclusively(async () => {
    await assert.rejects(
      state.exclusively(async () => undefined, { wait: false }),
      refusedWith('conflict', 'anotherRun'),
    );
  });

  await state.exclusively(async () => undefined, { wait: false });
});

test('work that fails gives the lock back', async () => {
  await using home = await temporaryHome();
  const state = fileState(home, assert.fail);

  await assert.rejects(
    state.exclusively(() => Promise.reject(new Error('no'))),
    /no/,
  );

  await state.exclusively(async () => undefined, { wait: false });
  assert.deepEqual(await readdir(home.stateFolder), []);
});

/** Another process that holds the lock until it is killed. */
async function holder(home: TemporaryHome) {
  const program = `
    import { realSystem } from ${JSON.stringify(new URL('../system/real.ts', import.meta.url).href)};
    import { fileState } from ${JSON.stringify(new URL('./state.ts', import.meta.url).href)};
    const state = fileState(realSystem(), console.error);
    await state.exclusively(async () => { console.log('held'); await new Promise((end) => process.stdin.on('end', end).resume()); });
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...process.env, HOME: home.home, XDG_STATE_HOME: '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

test('a lock whose process was killed is taken over, by one of those that find it', async () => {
  await using home = await temporaryHome();
  const child = await holder(home);
  const state = fileState(home, assert.fail);
  await assert.rejects(
    state.exclusively(async () => undefined, { wait: false }),
    refusedWith('conflict', 'anotherRun'),
  );

  child.kill('SIGKILL');
  await once(child, 'exit');

  let inside = 0;
  const most: number[] = [];
  const work = async () => {
    inside += 1;
    most.push(inside);
    await new Promise((next) => setImmediate(next));
    inside -= 1;
  };
  await Promise.all([1, 2, 3, 4, 5].map(() => fileState(home, assert.fail).exclusively(work)));
  assert.deepEqual(most, [1, 1, 1, 1, 1]);
  assert.deepEqual(await readdir(home.stateFolder), []);
});

test('a lock of a process number that somebody else has now is stale', async () => {
  await using home = await temporaryHome();
  const state = fileState(home, assert.fail);
  const lock = `${home.stateFolder}/lock`;
  await home.writeFile(lock, JSON.stringify({ token: 'old', pid: process.pid, started: 'another boot 12' }), 0o600);

  await state.exclusively(async () => undefined, { wait: false });

  assert.deepEqual(await readdir(home.stateFolder), []);
});

test('on Windows the holder is known by its number and by when it started', async () => {
  const startOf = async (pid: number) => (pid === process.pid ? '134000000000000000' : undefined);
  const processes = { openerOf: async () => undefined, accountOf: async () => undefined, startOf };
  const system = { ...memorySystem(), processes };
  const state = fileState(system, assert.fail);
  const leave = (pid: number, started: string) =>
    system.writeFile(`${system.stateFolder}/lock`, JSON.stringify({ token: 'old', pid, started }), 0o600);

  await leave(process.pid, '133000000000000000');
  await state.exclusively(async () => undefined, { wait: false });
  // Ended, or another account's that is closed to us.
  await leave(1, '133000000000000000');
  await state.exclusively(async () => undefined, { wait: false });
  await leave(process.pid, '134000000000000000');
  await assert.rejects(
    state.exclusively(async () => undefined, { wait: false }),
    refusedWith('conflict', 'anotherRun'),
  );
});

test('a lock that names nobody is stale', async () => {
  await using home = await temporaryHome();
  await home.writeFile(`${home.stateFolder}/lock`, '\0\0\0', 0o600);

  await fileState(home, assert.fail).exclusively(async () => undefined, { wait: false });

  assert.deepEqual(await readdir(home.stateFolder), []);
});
