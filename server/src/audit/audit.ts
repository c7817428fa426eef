/**
 * The audit log: who changed what, in an order nobody can rewrite unnoticed.
 *
 * Each event's commitment covers the one before, so removing, editing or reordering an event breaks the chain from there
 * on. Values (names, old and new settings) enter it by a salted digest, so a commitment gives nothing to a guesser. That
 * the newest events were cut off shows only against a count noted elsewhere: a chain cannot know how long it was.
 *
 * Written inside the command that makes the change: an unrecorded change cannot happen, nor a recorded one that did not.
 */

import { createHash, randomBytes } from 'node:crypto';
import { canonicalJson, type Json } from '@carryover/model/canonical';
import { firstOf, run, type Store, type Work } from '../db/command.ts';

/** Plain data: it crosses to the writer thread. */
export interface AuditEntry {
  readonly tenantId: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** A verb and its object, e.g. "update windowsRestore". */
  readonly action: string;
  readonly actor: {
    readonly userId?: string;
    readonly clientId?: string;
    readonly kind: 'person' | 'application' | 'operator';
  };
  readonly target: { readonly type: string; readonly id: string };
  readonly result: 'success' | 'failure';
  /** What changed, by property. Never a payload or a secret. */
  readonly values: { readonly [property: string]: { readonly old?: Json; readonly new?: Json } };
  /** 16 random bytes, hex; see freshSalt. */
  readonly salt: string;
}

/** Who changes something, when: all that a command cannot know by itself. */
export type Change = Pick<AuditEntry, 'tenantId' | 'at' | 'actor' | 'salt'>;

/** A change made by the caller of a request. */
export function changeBy(
  caller: { readonly tenantId: string; readonly userId: string; readonly clientId: string },
  now: Temporal.Instant,
): Change {
  const { tenantId, userId, clientId } = caller;
  return { tenantId, at: now.epochMilliseconds, actor: { kind: 'person', userId, clientId }, salt: freshSalt() };
}

/** Commitment before the first event of a tenant. */
const BEGINNING = '0'.repeat(64);

export function freshSalt(): string {
  return randomBytes(16).toString('hex');
}

/** Adds one event to the tenant's chain, as a part of the command that changes something. */
export function* recordAudit(entry: AuditEntry): Work<number> {
  return yield* recordAudits([entry]);
}

/** Rows in one statement, below what either database takes as parameters. */
const ROWS_AT_ONCE = 500;

/** Adds events of one tenant in this order, each with its own salt. The number of the last one; 0 when there are none. */
export function* recordAudits(entries: readonly AuditEntry[]): Work<number> {
  const tenantId = entries[0]?.tenantId;
  if (tenantId === undefined) return 0;
  // Whoever writes to this tenant's chain waits here until the one before is through.
  yield* run((db) =>
    db
      .updateTable('tenants')
      .set((eb) => ({ policy_version: eb.ref('policy_version') }))
      .where('tenant_id', '=', tenantId),
  );
  const last = yield* firstOf((db) =>
    db
      .selectFrom('audit_events')
      .select(['seq', 'commitment'])
      .where('tenant_id', '=', tenantId)
      .orderBy('seq', 'desc')
      .limit(1),
  );
  let [seq, previous] = [Number(last?.seq ?? 0), last?.commitment ?? BEGINNING];
  const rows = entries.map((entry) => {
    seq += 1;
    const row = {
      tenant_id: tenantId,
      seq,
      at: entry.at,
      action: entry.action,
      actor: canonicalJson(entry.actor as Json),
      target: canonicalJson(entry.target as Json),
      result: entry.result,
      values_json: canonicalJson(entry.values as Json),
      salt: entry.salt,
      previous,
    };
    previous = commitmentOf(row);
    return { ...row, commitment: previous };
  });
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    yield* run((db) => db.insertInto('audit_events').values(rows.slice(start, start + ROWS_AT_ONCE)));
  return seq;
}

interface CommittedRow {
  readonly tenant_id: string;
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  readonly actor: string;
  readonly target: string;
  readonly result: string;
  readonly values_json: string;
  readonly salt: string;
  readonly previous: string;
}

function commitmentOf(row: CommittedRow): string {
  const values = digest(`${row.salt}\n${row.actor}\n${row.target}\n${row.values_json}`);
  return digest(canonicalJson([row.previous, row.tenant_id, row.seq, row.at, row.action, row.result, values]));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export interface ChainState {
  readonly entries: number;
  /** The first event that does not follow from the one before; undefined when the chain is unbroken. */
  readonly brokenAt?: number;
}

/** Reads a tenant's whole chain and recomputes it. */
export async function verifyChain(store: Store, tenantId: string): Promise<ChainState> {
  let previous = BEGINNING;
  let entries = 0;
  for (;;) {
    const rows = await store.read
      .selectFrom('audit_events')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('seq', '>', entries)
      .orderBy('seq')
      .limit(500)
      .execute();
    for (const row of rows) {
      entries += 1;
      if (row.seq !== entries || row.previous !== previous || commitmentOf(row) !== row.commitment)
        return { entries, brokenAt: entries };
      previous = row.commitment;
    }
    if (rows.length === 0) return { entries };
  }
}

/** An event as it is shown; actor, target and values_json are JSON. */
export interface AuditLine {
  readonly seq: number;
  readonly at: number;
  readonly action: string;
  readonly actor: string;
  readonly target: string;
  readonly result: string;
  readonly values_json: string;
}

export interface AuditAsked {
  readonly top: number;
  readonly before?: number;
  /** Only what was done to this one. */
  readonly target?: AuditEntry['target'];
}

/** Events of a tenant, newest first. */
export async function listAudit(store: Store, tenantId: string, options: AuditAsked): Promise<AuditLine[]> {
  let query = store.read
    .selectFrom('audit_events')
    .select(['seq', 'at', 'action', 'actor', 'target', 'result', 'values_json'])
    .where('tenant_id', '=', tenantId);
  if (options.before !== undefined) query = query.where('seq', '<', options.before);
  if (options.target !== undefined) query = query.where('target', '=', canonicalJson(options.target as Json));
  return query.orderBy('seq', 'desc').limit(options.top).execute();
}
