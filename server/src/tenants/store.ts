/** Organizations and the codes that found them: their rows. */

import { KnownError } from '@carryover/model/errors';
import type { Place } from '@carryover/model/place';
import { type Change, recordAudit } from '../audit/audit.ts';
import { command, run, type Store } from '../db/command.ts';
import { insertUser, type NewUser } from '../directory/directory.ts';

export interface Tenant {
  readonly tenantId: string;
  readonly name: string;
  readonly policyVersion: number;
  readonly createdAt: Temporal.Instant;
  readonly place: Place;
  /** Undefined while the guide of the first run is shown. */
  readonly firstRunSkippedAt: Temporal.Instant | undefined;
}

interface NewTenant {
  readonly tenantId: string;
  readonly name: string;
  readonly place: Place;
}

/**
 * An organization with its first person and the first event of its audit log, all or nothing; the code is spent by it.
 *
 * Errors: accessDenied (setupCode).
 */
export const foundTenant = command(
  'foundTenant',
  function* (change: Change, codeHash: string, tenant: NewTenant, first: { userId: string; user: NewUser }) {
    const { at: now } = change;
    const { changed } = yield* run((db) =>
      db
        .updateTable('setup_codes')
        .set({ used_at: now })
        .where('code_hash', '=', codeHash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', now),
    );
    if (changed !== 1)
      throw new KnownError(
        'accessDenied',
        'This set-up code is wrong, used or expired. Make a new one on the server.',
        {
          inner: 'setupCode',
        },
      );
    yield* run((db) =>
      db.insertInto('tenants').values({
        tenant_id: tenant.tenantId,
        name: tenant.name,
        ...tenant.place,
        policy_version: 1,
        created_at: now,
        first_run_skipped_at: null,
      }),
    );
    // Who comes first keeps a domain: nobody sends another's people to their own sign-in.
    yield* run((db) =>
      db
        .insertInto('tenant_domains')
        .values({ domain: domainOf(first.user.userPrincipalName), tenant_id: tenant.tenantId })
        .onConflict((conflict) => conflict.column('domain').doNothing()),
    );
    yield* insertUser({ tenantId: tenant.tenantId, userId: first.userId }, first.user, now);
    yield* recordAudit({
      ...change,
      action: 'create organization',
      target: { type: 'organization', id: tenant.tenantId },
      result: 'success',
      values: {
        displayName: { new: tenant.name },
        cloud: { new: tenant.place.cloud },
        region: { new: tenant.place.region },
        firstPerson: { new: first.userId },
        roles: { new: [...first.user.roles] },
      },
    });
  },
);

/** Puts the guide of the first run aside for everyone, or shows it again. */
export const skipFirstRun = command('skipFirstRun', function* (change: Change, skipped: boolean) {
  yield* run((db) =>
    db
      .updateTable('tenants')
      .set({ first_run_skipped_at: skipped ? change.at : null })
      .where('tenant_id', '=', change.tenantId),
  );
  yield* recordAudit({
    ...change,
    action: 'update firstRun',
    target: { type: 'organization', id: change.tenantId },
    result: 'success',
    values: { skipped: { new: skipped } },
  });
});

export const addSetupCode = command('addSetupCode', function* (codeHash: string, expiresAt: number) {
  yield* run((db) =>
    db.insertInto('setup_codes').values({ code_hash: codeHash, expires_at: expiresAt, used_at: null }),
  );
});

export async function findTenantRow(store: Store, tenantId: string): Promise<Tenant | undefined> {
  const row = await store.read
    .selectFrom('tenants')
    .select(['tenant_id', 'name', 'cloud', 'region', 'policy_version', 'created_at', 'first_run_skipped_at'])
    .where('tenant_id', '=', tenantId)
    .executeTakeFirst();
  return (
    row && {
      tenantId: row.tenant_id,
      name: row.name,
      place: { cloud: row.cloud, region: row.region },
      policyVersion: Number(row.policy_version),
      createdAt: Temporal.Instant.fromEpochMilliseconds(Number(row.created_at)),
      firstRunSkippedAt:
        row.first_run_skipped_at === null
          ? undefined
          : Temporal.Instant.fromEpochMilliseconds(Number(row.first_run_skipped_at)),
    }
  );
}

/** Of a user name or of a domain alone; as a name is compared. */
function domainOf(text: string): string {
  return text
    .slice(text.lastIndexOf('@') + 1)
    .normalize('NFKC')
    .trim()
    .toLowerCase();
}

export async function findTenantIdByDomain(store: Store, domain: string): Promise<string | undefined> {
  const row = await store.read
    .selectFrom('tenant_domains')
    .select('tenant_id')
    .where('domain', '=', domainOf(domain))
    .executeTakeFirst();
  return row?.tenant_id;
}

/** At most `top`. */
export async function listTenantIds(store: Store, top: number): Promise<string[]> {
  const rows = await store.read.selectFrom('tenants').select('tenant_id').orderBy('tenant_id').limit(top).execute();
  return rows.map(({ tenant_id }) => tenant_id);
}

export async function countTenants(store: Store): Promise<number> {
  const row = await store.read
    .selectFrom('tenants')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirst();
  return Number(row?.count ?? 0);
}
