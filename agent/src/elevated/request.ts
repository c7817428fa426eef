/**
 * What a person's program asks of the administrator's task, and what it answers: settings by their ids, values, outcomes.
 * No path, key or program is in it. A request names its person in its file's name; whether that is true, Windows says.
 *
 * Pure.
 */

import type { Json } from '@carryover/model/canonical';
import { REASONS, type Reason } from '@carryover/model/reasons';
import { ITEM_STATUSES } from '@carryover/model/report';
import type { Outcome } from '../settings/mechanism.ts';
import type { TakenRequest } from '../system/hand-over.ts';

/** apply: as a restore does. revert: back to what was before, undefined for "not set". */
export interface Request {
  readonly action: 'apply' | 'revert';
  readonly items: readonly { readonly itemId: string; readonly raw: Json | undefined }[];
}

/** The catalog has five such settings; a request of more than this is none of ours. */
export const MAX_ITEMS = 64;
export const MAX_BYTES = 65_536;
/** Longest a request waits: whoever put it has given up by then. */
export const STALE_AFTER = Temporal.Duration.from({ minutes: 2 });

const FORMAT = 1;

/** `id`: unguessable, never used again. */
export function requestName(person: string, id: string): string {
  return `${person}.${id}`;
}

/** The person that the name of a request says it is of. */
export function personIn(name: string): string | undefined {
  return /^(S-1-\d+(?:-\d+)+)\.[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.exec(name)?.[1];
}

export function requestText({ action, items }: Request): string {
  return JSON.stringify({
    format: FORMAT,
    action,
    items: items.map(({ itemId, raw }) => (raw === undefined ? { itemId } : { itemId, raw })),
  });
}

/** The request, or why it is dropped without an answer. `person`: whom its name says it is of. */
export function requestIn(
  { kind, owner, names, changedAt, content }: TakenRequest,
  { person, now }: { readonly person: string; readonly now: Temporal.Instant },
): Request | string {
  if (kind !== 'file' || names !== 1) return 'it is a link';
  if (owner !== person) return `it belongs to ${owner}`;
  if (Temporal.Duration.compare(changedAt.since(now).abs(), STALE_AFTER) > 0) return 'it is too old';
  if (content === undefined || content.length > MAX_BYTES) return 'it is too large';
  return parsed(jsonIn(content)) ?? 'it cannot be understood';
}

function parsed(json: unknown): Request | undefined {
  if (!isRecord(json) || json['format'] !== FORMAT) return undefined;
  const { action, items } = json;
  if ((action !== 'apply' && action !== 'revert') || !Array.isArray(items) || items.length > MAX_ITEMS)
    return undefined;
  const found = items.flatMap((item: unknown) =>
    isRecord(item) && typeof item['itemId'] === 'string' && Object.keys(item).every((key) => ITEM_KEYS.includes(key))
      ? [{ itemId: item['itemId'], raw: item['raw'] as Json | undefined }]
      : [],
  );
  const ids = new Set(found.map(({ itemId }) => itemId));
  return found.length === items.length && ids.size === items.length ? { action, items: found } : undefined;
}

const ITEM_KEYS = ['itemId', 'raw'];

export function answerText(outcomes: readonly Outcome[]): string {
  return JSON.stringify({ format: FORMAT, outcomes });
}

/** Undefined for what is no answer of ours. */
export function answerIn(content: Uint8Array): readonly Outcome[] | undefined {
  const json = jsonIn(content);
  if (!isRecord(json) || json['format'] !== FORMAT || !Array.isArray(json['outcomes'])) return undefined;
  const outcomes = json['outcomes'] as readonly unknown[];
  return outcomes.every(isOutcome) ? outcomes : undefined;
}

function isOutcome(one: unknown): one is Outcome {
  if (!isRecord(one) || typeof one['itemId'] !== 'string') return false;
  const { status, reason } = one as { readonly status?: unknown; readonly reason?: unknown };
  return ITEM_STATUSES.some((known) => known === status) && (reason === undefined || isReason(reason));
}

function isReason(one: unknown): one is Reason {
  return isRecord(one) && typeof one['code'] === 'string' && Object.hasOwn(REASONS, one['code']);
}

function jsonIn(content: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(content).toString());
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
