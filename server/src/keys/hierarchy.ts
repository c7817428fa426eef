/**
 * The key hierarchy: deployment key -> tenant key -> user key -> profile keys and digest key.
 *
 * Each key is wrapped by the one above and bound to its place; it is durable before it is first used. Unwrapped keys are
 * remembered for a short while only, so that a key destroyed by another process is soon gone here as well.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { Store } from '../db/command.ts';
import { type KeySchema, type Owner, ZERO_ID } from '../db/schema.ts';
import { openKeyStore } from '../db/store.ts';
import type { DeploymentKey } from './deployment-key.ts';
import type { DataKey, Keys } from './keys.ts';
import { Remembered } from './remembered.ts';
import { openBytes, sealBytes } from './sealing.ts';
import {
  addKey,
  destroyPersonKeys,
  destroyProfileKeys,
  hasKeys,
  type KeyKind,
  type KeyRow,
  listKeys,
  listWrappedBy,
  rewrapKey,
} from './store.ts';

export interface KeysOptions {
  /** Of the key store; see openStore. */
  readonly databaseUrl: string;
  /** Asked once, told whether the key store is still empty. */
  readonly deploymentKey: (fresh: boolean) => Promise<DeploymentKey>;
}

/** Errors: deploymentKeyWrong when the key is not the one that this store was made with. */
export async function openKeys({ databaseUrl, deploymentKey }: KeysOptions): Promise<Keys> {
  const store = await openKeyStore({ databaseUrl, commands: new URL('./store.ts', import.meta.url) });
  try {
    const top = await deploymentKey(!(await hasKeys(store)));
    await checkDeploymentKey(store, top);
    return keysOn(store, top);
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Moves everything from one deployment key to another; may be interrupted and run again. Returns how many keys moved.
 *
 * Errors: deploymentKeyWrong when `from` fits neither now nor before.
 */
export async function rewrap(databaseUrl: string, from: DeploymentKey, to: DeploymentKey): Promise<number> {
  const store = await openKeyStore({ databaseUrl, commands: new URL('./store.ts', import.meta.url) });
  try {
    const rows = await listWrappedBy(store, from.keyId);
    // The check row is the last to move: until then the former key is the one to start with.
    for (const row of rows.toSorted((a, b) => Number(a.kind === 'check') - Number(b.kind === 'check'))) {
      const key = await from.unwrap(row.wrapped, placeOf(row));
      const moved = { ...row, wrapped_by: to.keyId };
      await store.write(rewrapKey, { ...moved, wrapped: await to.wrap(key, placeOf(moved)) });
    }
    await checkDeploymentKey(store, to);
    return rows.length;
  } finally {
    await store.close();
  }
}

/** One row that only the right deployment key opens; written with the first. */
async function checkDeploymentKey(store: Store<KeySchema>, top: DeploymentKey): Promise<void> {
  const [row] = await listKeys(store, ZERO_ID, 'check');
  if (row === undefined) {
    const made = newRow(
      { ownerId: ZERO_ID, kind: 'check', owner: { tenantId: ZERO_ID, userId: ZERO_ID } },
      1,
      top.keyId,
    );
    await store.write(addKey, { ...made, wrapped: await top.wrap(randomBytes(KEY_BYTES), placeOf(made)) });
    return checkDeploymentKey(store, top);
  }
  await mustOpen(row, top);
}

async function mustOpen(row: KeyRow | undefined, top: DeploymentKey): Promise<void> {
  const fits = row?.wrapped_by === top.keyId && (await top.unwrap(row.wrapped, placeOf(row)).catch(() => undefined));
  if (!fits)
    throw new KnownError(
      'deploymentKeyWrong',
      'This deployment key does not open this store. Put back the key it was made with, from its recovery copy.',
    );
}

const KEY_BYTES = 32;
/** Unwrapped keys remembered: some 3 MB. */
const REMEMBERED_KEYS = 20_000;
const REMEMBERED_SECONDS = 60;

interface KeyName {
  readonly ownerId: string;
  readonly kind: Exclude<KeyKind, 'check'>;
  readonly owner: Owner;
}

function keysOn(store: Store<KeySchema>, top: DeploymentKey): Keys {
  const remembered = new Remembered<DataKey>(REMEMBERED_KEYS, REMEMBERED_SECONDS);

  /** The newest generation, made when there is none yet (or, except for profiles, when it was destroyed). */
  const current = (name: KeyName): Promise<DataKey> =>
    remembered.get(`${name.kind} ${name.ownerId} ${name.owner.tenantId} ${name.owner.userId}`, async () => {
      const [row] = await listKeys(store, name.ownerId, name.kind);
      if (row !== undefined && row.destroyed_at === null) return unwrapped(row, name);
      if (row !== undefined && name.kind === 'profile') throw destroyed();
      return unwrapped(await create(name, (row?.generation ?? 0) + 1), name);
    });

  const byId = (name: KeyName, keyId: string): Promise<DataKey> =>
    remembered.get(`${keyId} ${name.kind} ${name.ownerId} ${name.owner.tenantId} ${name.owner.userId}`, async () => {
      const row = (await listKeys(store, name.ownerId, name.kind)).find((row) => row.key_id === keyId);
      if (row === undefined || row.destroyed_at !== null) throw destroyed();
      return unwrapped(row, name);
    });

  async function unwrapped(row: KeyRow, name: KeyName): Promise<DataKey> {
    if (row.tenant_id !== name.owner.tenantId || row.user_id !== name.owner.userId) throw destroyed();
    const above = aboveOf(name);
    const key =
      above === undefined
        ? await top.unwrap(row.wrapped, placeOf(row))
        : openBytes((await byId(above, row.wrapped_by)).key, placeOf(row), row.wrapped);
    return { keyId: row.key_id, key };
  }

  async function create(name: KeyName, generation: number, secret?: Uint8Array): Promise<KeyRow> {
    const above = aboveOf(name);
    const wrapping = above === undefined ? undefined : await current(above);
    const row = newRow(name, generation, wrapping?.keyId ?? top.keyId);
    const plain = secret ?? randomBytes(KEY_BYTES);
    const wrapped =
      wrapping === undefined ? await top.wrap(plain, placeOf(row)) : sealBytes(wrapping.key, placeOf(row), plain);
    const stored = await store.write(addKey, { ...row, wrapped });
    if (stored === undefined) throw new Error('A key just stored is not there.');
    return stored;
  }

  const profileName = (owner: Owner, profileId: string): KeyName => ({ ownerId: profileId, kind: 'profile', owner });
  const signingName = (tenantId: string): KeyName => ({
    ownerId: tenantId,
    kind: 'signing',
    owner: { tenantId, userId: ZERO_ID },
  });

  return {
    profileKey: (owner, profileId) => current(profileName(owner, profileId)),
    openingKey: (owner, profileId, keyId) => byId(profileName(owner, profileId), keyId),
    digestKey: async (owner) => (await current({ ownerId: owner.userId, kind: 'digest', owner })).key,
    async signingSecrets(tenantId, make) {
      const name = signingName(tenantId);
      let rows = await listKeys(store, tenantId, 'signing');
      if (rows.length === 0) rows = [await create(name, 1, await make())];
      const secrets = await Promise.all(
        rows.filter((row) => row.destroyed_at === null).map((row) => unwrapped(row, name)),
      );
      return secrets.map(({ keyId, key }) => ({ keyId, secret: key }));
    },
    async addSigningSecret(tenantId, secret) {
      const [newest] = await listKeys(store, tenantId, 'signing');
      const row = await create(signingName(tenantId), (newest?.generation ?? 0) + 1, secret);
      const { keyId, key } = await unwrapped(row, signingName(tenantId));
      return { keyId, secret: key };
    },
    async destroyProfile({ tenantId, userId }, profileId, now) {
      await store.write(destroyProfileKeys, tenantId, userId, profileId, now.epochMilliseconds);
      remembered.clear();
    },
    async destroyPerson({ tenantId, userId }, now) {
      await store.write(destroyPersonKeys, tenantId, userId, now.epochMilliseconds);
      remembered.clear();
    },
    madeAt: async () => {
      const [row] = await listKeys(store, ZERO_ID, 'check');
      return Temporal.Instant.fromEpochMilliseconds(Number(row?.created_at ?? 0));
    },
    mustAnswer: async () => mustOpen((await listKeys(store, ZERO_ID, 'check'))[0], top),
    close: () => store.close(),
  };
}

/** Which key wraps this one; undefined for the deployment key. */
function aboveOf({ kind, owner }: KeyName): KeyName | undefined {
  const { tenantId, userId } = owner;
  if (kind === 'tenant') return undefined;
  if (kind === 'user' || kind === 'signing')
    return { ownerId: tenantId, kind: 'tenant', owner: { tenantId, userId: ZERO_ID } };
  return { ownerId: userId, kind: 'user', owner: { tenantId, userId } };
}

function newRow(
  name: Pick<KeyName, 'ownerId' | 'owner'> & { readonly kind: KeyKind },
  generation: number,
  wrappedBy: string,
): KeyRow {
  return {
    owner_id: name.ownerId,
    kind: name.kind,
    generation,
    key_id: randomUUID(),
    tenant_id: name.owner.tenantId,
    user_id: name.owner.userId,
    wrapped_by: wrappedBy,
    wrapped: new Uint8Array(),
    created_at: Date.now(),
    destroyed_at: null,
  };
}

/** A wrapped key opens only as the row it was made for. */
function placeOf(row: KeyRow): string {
  const { owner_id, kind, generation, key_id, tenant_id, user_id, wrapped_by } = row;
  return JSON.stringify(['key', 1, owner_id, kind, generation, key_id, tenant_id, user_id, wrapped_by]);
}

function destroyed(): KnownError {
  return new KnownError('itemNotFound', 'The key of this backup was destroyed or never existed.');
}
