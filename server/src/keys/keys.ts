/**
 * Keys as the contexts see them: a person's data and digest keys, a tenant's signing keys.
 *
 * Every key is created durably before its first use and comes back the same for everyone who asks.
 */

import type { Owner } from '../db/schema.ts';

export interface DataKey {
  readonly keyId: string;
  /** 32 bytes. Never logged, never stored unwrapped. */
  readonly key: Uint8Array;
}

export interface Secret {
  readonly keyId: string;
  readonly secret: Uint8Array;
}

export interface Keys {
  /** The key that new contents of a profile are sealed with. Errors: itemNotFound once it was destroyed. */
  profileKey(owner: Owner, profileId: string): Promise<DataKey>;
  /** The key that a stored content of the profile was sealed with. Errors: itemNotFound once it was destroyed. */
  openingKey(owner: Owner, profileId: string, keyId: string): Promise<DataKey>;
  /** The person's digest key: content ids and chain MACs are made with it. 32 bytes. */
  digestKey(owner: Owner): Promise<Uint8Array>;
  /** A tenant's token signing secrets, newest first; `make` gives the first one when there is none. */
  signingSecrets(tenantId: string, make: () => Promise<Uint8Array>): Promise<readonly Secret[]>;
  /** Adds a signing secret; older ones stay, for tokens already out. */
  addSigningSecret(tenantId: string, secret: Uint8Array): Promise<Secret>;
  /** Destroys a profile's data keys: what they sealed can never be opened again. */
  destroyProfile(owner: Owner, profileId: string, now: Temporal.Instant): Promise<void>;
  /** Destroys all keys of a person. */
  destroyPerson(owner: Owner, now: Temporal.Instant): Promise<void>;
  /** When this store was made, which was after the recovery copy of its deployment key was confirmed. */
  madeAt(): Promise<Temporal.Instant>;
  /** Whether keys can be had right now. Errors: the database's own, or deploymentKeyWrong. */
  mustAnswer(): Promise<void>;
  close(): Promise<void>;
}
