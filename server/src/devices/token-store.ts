/** Enrollment tokens: made, spent by the PCs that show them, and taken back. Only their digests are kept. */

import { KnownError } from '@carryover/model/errors';
import { recordAudit } from '../audit/audit.ts';
import { command, run, type Store, type Work } from '../db/command.ts';
import type { DeviceChange } from './store.ts';

export interface NewEnrollmentToken {
  readonly tokenId: string;
  readonly tokenHash: string;
  readonly expiresAt: number;
  readonly uses: number;
  readonly createdBy: string;
  /** The Autopilot profile of devices that enroll with it. */
  readonly provisioningProfileId: string | null;
}

export const addEnrollmentToken = command(
  'addEnrollmentToken',
  function* (change: DeviceChange, token: NewEnrollmentToken) {
    yield* run((db) =>
      db.insertInto('enrollment_tokens').values({
        tenant_id: change.tenantId,
        token_id: token.tokenId,
        token_hash: token.tokenHash,
        expires_at: token.expiresAt,
        uses_left: token.uses,
        created_by: token.createdBy,
        created_at: change.at,
        provisioning_profile_id: token.provisioningProfileId,
      }),
    );
    yield* recordAudit({
      ...change,
      action: 'create enrollmentToken',
      target: { type: 'enrollmentToken', id: token.tokenId },
      result: 'success',
      values: { uses: { new: token.uses }, provisioningProfileId: { new: token.provisioningProfileId } },
    });
  },
);

/** One use of a token less. Errors: accessDenied (enrollmentToken). */
export function* spendToken(tenantId: string, tokenHash: string, now: number): Work<void> {
  const { changed } = yield* run((db) =>
    db
      .updateTable('enrollment_tokens')
      .set((eb) => ({ uses_left: eb('uses_left', '-', 1) }))
      .where('tenant_id', '=', tenantId)
      .where('token_hash', '=', tokenHash)
      .where('uses_left', '>', 0)
      .where('expires_at', '>', now),
  );
  if (changed !== 1)
    throw new KnownError(
      'accessDenied',
      'This enrollment token is wrong, used up or expired. Ask your IT for another.',
      {
        inner: 'enrollmentToken',
      },
    );
}

/** Errors: itemNotFound. */
export const removeEnrollmentToken = command(
  'removeEnrollmentToken',
  function* (change: DeviceChange, tokenId: string) {
    const { changed } = yield* run((db) =>
      db.deleteFrom('enrollment_tokens').where('tenant_id', '=', change.tenantId).where('token_id', '=', tokenId),
    );
    if (changed === 0) throw new KnownError('itemNotFound', 'There is no enrollment token with this id.');
    yield* recordAudit({
      ...change,
      action: 'delete enrollmentToken',
      target: { type: 'enrollmentToken', id: tokenId },
      result: 'success',
      values: {},
    });
  },
);

/** The Autopilot profile of an enrollment token; undefined when it names none, or is not one. */
export async function findTokenProfile(store: Store, tenantId: string, tokenHash: string): Promise<string | undefined> {
  const row = await store.read
    .selectFrom('enrollment_tokens')
    .select('provisioning_profile_id')
    .where('tenant_id', '=', tenantId)
    .where('token_hash', '=', tokenHash)
    .executeTakeFirst();
  return row?.provisioning_profile_id ?? undefined;
}
