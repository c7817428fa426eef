/**
 * Clients that an organization registered for itself, and which of them a person said yes to.
 */

import { command, firstOf, lockOwner, run, type Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';

export interface Application {
  readonly displayName: string;
  readonly redirectUris: readonly string[];
}

export const putApplication = command(
  'putApplication',
  function* (tenantId: string, applicationId: string, application: Application, now: number) {
    const body = JSON.stringify(application);
    yield* run((db) =>
      db
        .insertInto('applications')
        .values({ tenant_id: tenantId, application_id: applicationId, body, created_at: now })
        .onConflict((conflict) => conflict.columns(['tenant_id', 'application_id']).doUpdateSet({ body })),
    );
  },
);

/** Adds to what the person granted this client before. */
export const addConsent = command(
  'addConsent',
  function* (owner: Owner, clientId: string, scopes: readonly string[], now: number) {
    yield* lockOwner(owner);
    const before = yield* firstOf((db) =>
      db
        .selectFrom('consents')
        .select('scopes')
        .where('tenant_id', '=', owner.tenantId)
        .where('user_id', '=', owner.userId)
        .where('client_id', '=', clientId),
    );
    const all = [...new Set([...(before?.scopes.split(' ') ?? []), ...scopes])].toSorted().join(' ');
    yield* run((db) =>
      db
        .insertInto('consents')
        .values({ tenant_id: owner.tenantId, user_id: owner.userId, client_id: clientId, scopes: all, created_at: now })
        .onConflict((conflict) =>
          conflict.columns(['tenant_id', 'user_id', 'client_id']).doUpdateSet({ scopes: all, created_at: now }),
        ),
    );
  },
);

export async function findApplication(
  store: Store,
  tenantId: string,
  applicationId: string,
): Promise<Application | undefined> {
  const row = await store.read
    .selectFrom('applications')
    .select('body')
    .where('tenant_id', '=', tenantId)
    .where('application_id', '=', applicationId)
    .executeTakeFirst();
  return row && (JSON.parse(row.body) as Application);
}

export async function findConsent(
  store: Store,
  owner: Owner,
  clientId: string,
): Promise<{ readonly scopes: readonly string[] } | undefined> {
  const row = await store.read
    .selectFrom('consents')
    .select('scopes')
    .where('tenant_id', '=', owner.tenantId)
    .where('user_id', '=', owner.userId)
    .where('client_id', '=', clientId)
    .executeTakeFirst();
  return row && { scopes: row.scopes.split(' ') };
}
