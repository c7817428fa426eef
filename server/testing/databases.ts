/**
 * Runs a test on every database we support, each time on a fresh one: a SQLite file of its own, a schema of its own in a
 * real PostgreSQL.
 */

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import pg from 'pg';
import type { Store } from '../src/db/command.ts';
import { openStore } from '../src/db/store.ts';
import { openKeys } from '../src/keys/hierarchy.ts';
import type { Keys } from '../src/keys/keys.ts';
import { aDeploymentKey } from './deployment-keys.ts';
import { addSamplePeople } from './people.ts';
import { postgresUrl } from './postgres.ts';

export interface FreshDatabase {
  readonly dialect: 'sqlite' | 'postgres';
  /** For openStore. */
  readonly databaseUrl: string;
  /** For openKeyStore. */
  readonly keysUrl: string;
}

type OnDatabase = (database: FreshDatabase, context: TestContext) => Promise<void>;

/** The test gets addresses and opens what it needs itself; it closes what it opened. */
export function testOnEveryFreshDatabase(name: string, run: OnDatabase): void {
  test(`${name} (SQLite)`, (context) => onSqlite(run, context));
  test(`${name} (PostgreSQL)`, (context) => onPostgres(run, context));
}

/** A store with the service's tables and the sample people in it, and the keys that belong to it. */
export function testOnEveryDatabase(
  name: string,
  run: (store: Store, keys: Keys, database: FreshDatabase) => Promise<void>,
): void {
  testOnEveryFreshDatabase(name, async (database) => {
    const store = await openServiceStore(database);
    try {
      await addSamplePeople(database);
      const deploymentKey = aDeploymentKey();
      const keys = await openKeys({ databaseUrl: database.keysUrl, deploymentKey: async () => deploymentKey });
      try {
        await run(store, keys, database);
      } finally {
        await keys.close();
      }
    } finally {
      await store.close();
    }
  });
}

export function openServiceStore({ databaseUrl }: Pick<FreshDatabase, 'databaseUrl'>): Promise<Store> {
  return openStore({ databaseUrl, commands: new URL('../src/commands.ts', import.meta.url) });
}

async function onSqlite(run: OnDatabase, context: TestContext): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-database-'));
  try {
    const databaseUrl = `sqlite:${join(folder, 'data.db')}`;
    await run({ dialect: 'sqlite', databaseUrl, keysUrl: `sqlite:${join(folder, 'keys.db')}` }, context);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function onPostgres(run: OnDatabase, context: TestContext): Promise<void> {
  const url = new URL(await postgresUrl());
  const schema = `test_${randomBytes(8).toString('hex')}`;
  await execute(url.href, `create schema ${schema}`);
  try {
    url.searchParams.set('options', `-c search_path=${schema}`);
    await run({ dialect: 'postgres', databaseUrl: url.href, keysUrl: url.href }, context);
  } finally {
    url.searchParams.delete('options');
    await execute(url.href, `drop schema ${schema} cascade`);
  }
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
