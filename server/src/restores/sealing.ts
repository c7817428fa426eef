/**
 * What a restore knows of a person's files and apps: sealed, so that the database tells nobody who reads it.
 *
 * In clear stays what statistics need: kind, category, status, setting and reason code. The full ids, the facts of the
 * reasons and the choice are sealed with the key that the restored backup was sealed with, and each opens only in its
 * own session and row. Destroying the profile's keys erases them; the counts stay.
 */

import { createHmac } from 'node:crypto';
import type { Reason } from '@carryover/model/reasons';
import { settingIdOf } from '@carryover/model/setting';
import type { ReportBody, RestoreChoice } from '@carryover/model/wire';
import type { Owner } from '../db/schema.ts';
import type { DataKey } from '../keys/keys.ts';
import { open, type Place, seal } from '../keys/sealing.ts';

export type Outcome = ReportBody['items'][number];

export interface SessionPlace {
  readonly owner: Owner;
  /** The profile that is restored; its key seals. */
  readonly profileId: string;
  readonly sessionId: string;
}

/** An outcome as it is stored. */
export interface SealedOutcome extends Pick<Outcome, 'kind' | 'category' | 'status'> {
  /** Keyed digest of the full id: the same item of one person has the same, and nobody else can tell which it is. */
  readonly itemId: string;
  readonly settingId: string;
  readonly reasonCode: string | undefined;
  /** The full id and the reason's facts; empty when the key was already destroyed. */
  readonly sealed: Uint8Array;
}

/** What is sealed of an outcome. */
interface Details {
  readonly id: string;
  readonly facts?: Reason['facts'];
}

export interface OutcomeKeys {
  /** The person's. */
  readonly digestKey: Uint8Array;
  /** Undefined once it was destroyed: then only what stays in clear is left of the outcome. */
  readonly key: DataKey | undefined;
}

export function sealOutcome(outcome: Outcome, { digestKey, key }: OutcomeKeys, session: SessionPlace): SealedOutcome {
  const { id, kind, category, status, reason } = outcome;
  const itemId = itemIdOf(digestKey, id);
  const details: Details = { id, ...(reason?.facts === undefined ? {} : { facts: reason.facts }) };
  const sealed =
    key === undefined ? new Uint8Array() : seal(key, placeOf('restoreItem', session, itemId), bytesOf(details));
  return { itemId, settingId: settingIdOf(id), kind, category, status, reasonCode: reason?.code, sealed };
}

/**
 * The outcome as it was reported. Without the key its id is "<setting>/erased/<digest>" and its reason has no facts.
 *
 * Errors: dataDamaged when the row was changed or is another session's.
 */
export function openOutcome(row: SealedOutcome, key: DataKey | undefined, session: SessionPlace): Outcome {
  const { itemId, settingId, kind, category, status, reasonCode, sealed } = row;
  const details: Details =
    key === undefined
      ? { id: `${settingId}/erased/${itemId}` }
      : JSON.parse(Buffer.from(open(key, placeOf('restoreItem', session, itemId), sealed)).toString());
  const { id, facts } = details;
  if (reasonCode === undefined) return { id, kind, category, status };
  const reason = { code: reasonCode, ...(facts === undefined ? {} : { facts }) } as Reason;
  return { id, kind, category, status, reason };
}

/** Items and categories by name: the choice as the person made it. */
type Names = Pick<RestoreChoice, 'only' | 'skip'>;

export function sealChoice({ only, skip }: Names, key: DataKey, session: SessionPlace): Uint8Array {
  return seal(key, placeOf('restoreChoice', session, ''), bytesOf({ only, skip }));
}

/** Errors: dataDamaged. */
export function openChoice(sealed: Uint8Array, key: DataKey, session: SessionPlace): Names {
  return JSON.parse(Buffer.from(open(key, placeOf('restoreChoice', session, ''), sealed)).toString());
}

/** Shape: 32 hex digits; what is cut off only has to stay distinct. The label keeps it apart from content ids. */
function itemIdOf(digestKey: Uint8Array, id: string): string {
  return createHmac('sha256', digestKey).update(`restore item\0${id}`).digest('hex').slice(0, 32);
}

function placeOf(
  kind: 'restoreItem' | 'restoreChoice',
  { owner: { tenantId, userId }, profileId, sessionId }: SessionPlace,
  itemId: string,
): Place {
  return { kind, tenantId, userId, profileId, payloadType: '', contentId: `${sessionId}/${itemId}` };
}

function bytesOf(value: unknown): Uint8Array {
  return Buffer.from(JSON.stringify(value));
}
