/**
 * Who changed a policy last, and when: told to whoever comes too late with a change of their own.
 *
 * Read from the audit log inside the command that refuses, so that it is of the very change that came first.
 */

import { canonicalJson, type Json } from '@carryover/model/canonical';
import type { LastChange } from '@carryover/model/policy-preview';
import type { AuditEntry } from '../audit/audit.ts';
import { firstOf, type Work } from '../db/command.ts';

/** Nothing of it where the log has nothing, or the account is gone. */
export function* lastChangeOf(tenantId: string, target: AuditEntry['target']): Work<LastChange> {
  const event = yield* firstOf((db) =>
    db
      .selectFrom('audit_events')
      .select(['at', 'actor'])
      .where('tenant_id', '=', tenantId)
      .where('target', '=', canonicalJson(target as Json))
      .orderBy('seq', 'desc')
      .limit(1),
  );
  if (event === undefined) return {};
  const { userId = '' } = JSON.parse(event.actor) as AuditEntry['actor'];
  const person = yield* firstOf((db) =>
    db.selectFrom('users').select('display_name').where('user_id', '=', userId).where('tenant_id', '=', tenantId),
  );
  return {
    changedAt: Temporal.Instant.fromEpochMilliseconds(Number(event.at)).toString(),
    ...(person === undefined ? {} : { changedBy: person.display_name }),
  };
}
