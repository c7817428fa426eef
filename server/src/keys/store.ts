/** The rows of the key store. Every key here is wrapped; destroying one empties it for good. */

import { type AnyCommand, command, type Store, stepsOn } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import { readRows } from '../db/read.ts';
import type { KeySchema } from '../db/schema.ts';

export type KeyRow = KeySchema['keys'];
export type KeyKind = 'tenant' | 'user' | 'profile' | 'digest' | 'signing' | 'check';

const { run, firstOf } = stepsOn<KeySchema>();

/** Stores a key unless that generation is there already; gives the one that is stored. */
export const addKey = command('addKey', function* (row: KeyRow) {
  yield* run((db) =>
    db
      .insertInto('keys')
      .values(row)
      .onConflict((conflict) => conflict.columns(['owner_id', 'kind', 'generation']).doNothing()),
  );
  return yield* firstOf((db) =>
    db
      .selectFrom('keys')
      .selectAll()
      .where('owner_id', '=', row.owner_id)
      .where('kind', '=', row.kind)
      .where('generation', '=', row.generation),
  );
});

/** The same key, wrapped by another. */
export const rewrapKey = command('rewrapKey', function* (row: KeyRow) {
  yield* run((db) =>
    db
      .updateTable('keys')
      .set({ wrapped: row.wrapped, wrapped_by: row.wrapped_by })
      .where('owner_id', '=', row.owner_id)
      .where('kind', '=', row.kind)
      .where('generation', '=', row.generation)
      .where('destroyed_at', 'is', null),
  );
});

export const destroyProfileKeys = command(
  'destroyProfileKeys',
  function* (tenantId: string, userId: string, profileId: string, now: number) {
    yield* run((db) =>
      db
        .updateTable('keys')
        .set({ wrapped: new Uint8Array(), destroyed_at: now })
        .where('owner_id', '=', profileId)
        .where('kind', '=', 'profile')
        .where('tenant_id', '=', tenantId)
        .where('user_id', '=', userId)
        .where('destroyed_at', 'is', null),
    );
  },
);

export const destroyPersonKeys = command(
  'destroyPersonKeys',
  function* (tenantId: string, userId: string, now: number) {
    yield* run((db) =>
      db
        .updateTable('keys')
        .set({ wrapped: new Uint8Array(), destroyed_at: now })
        .where('user_id', '=', userId)
        .where('tenant_id', '=', tenantId)
        .where('destroyed_at', 'is', null),
    );
  },
);

export const COMMANDS: readonly AnyCommand[] = [addKey, rewrapKey, destroyProfileKeys, destroyPersonKeys];

const generationsOf = prepared<{ ownerId: string; kind: KeyKind }, KeyRow, KeySchema>((db, of) =>
  db
    .selectFrom('keys')
    .selectAll()
    .where('owner_id', '=', of.ownerId)
    .where('kind', '=', of.kind)
    .orderBy('generation', 'desc'),
);

/** A key's generations, newest first. */
export function listKeys(store: Store<KeySchema>, ownerId: string, kind: KeyKind): Promise<readonly KeyRow[]> {
  return readRows(store, generationsOf({ ownerId, kind }));
}

/** Every key that one key wraps directly. */
export function listWrappedBy(store: Store<KeySchema>, wrappedBy: string): Promise<KeyRow[]> {
  return store.read
    .selectFrom('keys')
    .selectAll()
    .where('wrapped_by', '=', wrappedBy)
    .where('destroyed_at', 'is', null)
    .execute();
}

export async function hasKeys(store: Store<KeySchema>): Promise<boolean> {
  const row = await store.read.selectFrom('keys').select('key_id').limit(1).executeTakeFirst();
  return row !== undefined;
}
