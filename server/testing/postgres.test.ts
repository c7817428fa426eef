/** The PostgreSQL that tests use: is it real, is it shared, and does nothing of it stay behind? */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import { postgresUrl, startPostgres } from './postgres.ts';

/** A folder that PostgreSQL's user may enter; removed after the test. */
async function folderFor(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-postgres-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  await chmod(folder, 0o755);
  return folder;
}

test('a PostgreSQL of its own answers and leaves neither a process nor a folder behind', async (t) => {
  const folder = await folderFor(t);
  const before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
  const postgres = await startPostgres().finally(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  });

  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  const { rows } = await client.query('select current_setting($1) as value', ['server_encoding']);
  await client.end();
  await postgres.stop();

  assert.deepEqual(rows, [{ value: 'UTF8' }]);
  assert.equal(existsSync(`/proc/${postgres.pid}`), false);
  assert.deepEqual(readdirSync(folder), []);
});

test('a process that is killed takes its PostgreSQL with it', async (t) => {
  const folder = await folderFor(t);
  const source = `import { startPostgres } from ${JSON.stringify(import.meta.resolve('./postgres.ts'))};
    console.log((await startPostgres()).pid); setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => holder.kill('SIGKILL'));
  const [line] = await once(createInterface(holder.stdout), 'line');
  const pid = Number(line);
  assert.ok(existsSync(`/proc/${pid}`));

  holder.kill('SIGKILL');
  await once(holder, 'exit');
  while (existsSync(`/proc/${pid}`) || readdirSync(folder).length > 0) await delay(10);

  assert.deepEqual(readdirSync(folder), []);
});

test('the tests of one process share one PostgreSQL', async () => {
  assert.equal(await postgresUrl(), await postgresUrl());
});
