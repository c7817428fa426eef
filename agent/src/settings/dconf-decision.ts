/**
 * The words of applying settings of dconf: what an item wants, what stands in its way, what is decided.
 *
 * Pure.
 */

import type { Reason } from '@carryover/model/reasons';
import type { ItemStatus } from '@carryover/model/report';
import type { PicturePlace } from './image.ts';
import type { DconfValues } from './keyfile.ts';
import type { ItemToApply } from './mechanism.ts';

/** What the device's tools tell, for all items at once. */
export interface Device {
  readonly locks: ReadonlySet<string>;
  /** The person's own layer. */
  readonly values: DconfValues;
}

/** `keys`: those of the item by the catalog; none when it is no place of the catalog. */
export type KeyedItem = ItemToApply & { readonly keys: readonly string[] };

/** An item as far as its own value and the schemas decide, which takes no tool and so need not wait for any. */
export type Intent = { readonly item: KeyedItem } & (
  | Obstacle
  | { readonly kind: 'values'; readonly writes: ReadonlyMap<string, string> }
  | { readonly kind: 'picture' }
);

export interface Obstacle {
  readonly kind: 'obstacle';
  readonly status: ItemStatus;
  readonly reason: Reason;
}

export interface Wish {
  readonly itemId: string;
  /** Text by key, each with its type. */
  readonly writes: ReadonlyMap<string, string>;
  /** Keys of the item that have a value now and are to have none. */
  readonly resets: readonly string[];
  /** A picture to put in place before the key names it. */
  readonly picture?: Extract<PicturePlace, { kind: 'new' }>;
}

export type Decision = Obstacle | { readonly kind: 'same' } | { readonly kind: 'change'; readonly wish: Wish };

export function bad(detail: string): Obstacle {
  return refused('failed', { code: 'badValue', facts: { detail } });
}

export function refused(status: ItemStatus, reason: Reason): Obstacle {
  return { kind: 'obstacle', status, reason };
}
