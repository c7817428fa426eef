/**
 * Sign-in: an OpenID provider for each organization, made when first asked for.
 *
 * The door of this context. The issuer of an organization is {PUBLIC_URL}/{tid}/v2.0 and cannot change once devices have
 * enrolled with it.
 */

import type { KeyObject } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import type { Provider } from 'oidc-provider';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import type { Keys } from '../keys/keys.ts';
import { deviceCodeAllowedIn } from '../policies/policies.ts';
import { findTenant } from '../tenants/tenants.ts';
import { createProvider } from './provider.ts';
import { createSigningKeyRing, type SigningKeys } from './signing-keys.ts';
import { deleteKeyRecords, deletePersonRecords } from './store.ts';

export interface SignInSetup {
  readonly store: Store;
  readonly keys: Keys;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
  /** Told of faults inside the provider. */
  readonly onFault: (fault: { readonly tenantId: string; readonly error: unknown }) => void;
}

export interface TenantSignIn {
  readonly tenantId: string;
  readonly organization: string;
  readonly provider: Provider;
  readonly signingKeys: SigningKeys;
  /** Whether people may sign in with a code on another device, for backups. */
  readonly deviceCodeAllowed: boolean;
}

export interface SignIn {
  /** Undefined when there is no such organization. */
  find(tenantId: string): Promise<TenantSignIn | undefined>;
  findSigningKey(tenantId: string, kid: string): Promise<KeyObject | undefined>;
  /** A new key signs from now on; tokens already out stay valid. */
  rotateSigningKey(tenantId: string): Promise<void>;
}

const TENANT_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function createSignIn({ store, keys, publicUrl, now, onFault }: SignInSetup): SignIn {
  const ring = createSigningKeyRing(keys, now);
  // Organizations once seen: none is ever removed, and there are far fewer of them than tokens to be checked.
  const existing = new Set<string>();
  const made = new Map<string, { readonly version: string; readonly signIn: TenantSignIn }>();

  return {
    async find(tenantId) {
      if (!TENANT_ID.test(tenantId)) return undefined;
      const tenant = await findTenant(store, tenantId);
      if (tenant === undefined) return undefined;
      const [signingKeys, deviceCodeAllowed] = await Promise.all([
        ring.of(tenantId),
        deviceCodeAllowedIn(store, tenantId),
      ]);
      const version = `${tenant.name}\n${signingKeys.version}\n${deviceCodeAllowed}`;
      const before = made.get(tenantId);
      if (before?.version === version) return before.signIn;
      const facts = { tenantId, organization: tenant.name, signingKeys, deviceCodeAllowed };
      const provider = createProvider({ store, publicUrl, now, ...facts });
      // Koa's own event, which the provider's types do not name; without a listener it would print to the console.
      (provider as unknown as EventEmitter).on('error', (error: unknown) => onFault({ tenantId, error }));
      provider.on('server_error', (_, error) => onFault({ tenantId, error }));
      const signIn = { ...facts, provider };
      made.set(tenantId, { version, signIn });
      return signIn;
    },
    async findSigningKey(tenantId, kid) {
      // Keys are made at an organization's first sign-in, never for a name that a token made up.
      if (!existing.has(tenantId)) {
        if (!TENANT_ID.test(tenantId) || (await findTenant(store, tenantId)) === undefined) return undefined;
        existing.add(tenantId);
      }
      return ring.findPublicKey(tenantId, kid);
    },
    rotateSigningKey: (tenantId) => ring.rotate(tenantId),
  };
}

/** Ends all of a person's sign-ins, in browsers and on devices: after a reset by an administrator, or when disabled. */
export function endSignIns(store: Store, owner: Owner): Promise<number> {
  return store.write(deletePersonRecords, owner.tenantId, owner.userId);
}

/** Ends the sign-in of one device of a person: its refresh tokens are bound to this key. */
export function endKeySignIns(store: Store, tenantId: string, jkt: string): Promise<number> {
  return store.write(deleteKeyRecords, tenantId, jkt);
}
