/**
 * A source of apps: how apps from one place are listed and brought over. apps.ts asks them all.
 */

import type { Json } from '@carryover/model/canonical';
import type { Finding } from '@carryover/model/restore-plan';
import type { Flag } from '@carryover/model/setting';
import type { Outcome, ReadFailure } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';

export interface AppItem {
  readonly itemId: string;
  readonly raw: Json;
}

export interface AppList {
  readonly items: readonly AppItem[];
  readonly failures: readonly ReadFailure[];
}

/** For people: what it is, where it will come from, and what about it is off by default. */
export interface AppWords {
  readonly title: string;
  readonly will: string;
  readonly flags: readonly Flag[];
}

export interface AppsContext {
  readonly system: System;
  /** URLs of remotes that the organization lets a restore add (policy.allowedAppSources). */
  readonly allowedSources: readonly string[];
  /** Every app item of the snapshot: the remote of an app, with its key, is one of them. */
  readonly snapshot: readonly AppItem[];
}

export interface AppSource {
  /** What the ids of its items start with. */
  readonly prefixes: readonly string[];
  /** Writes nothing; on Linux it starts no process either. Errors: none; what cannot be read is a failure. */
  list(system: System): Promise<AppList>;
  /** Undefined when `raw` is not what this source stores. */
  words(item: AppItem): AppWords | undefined;
  /** Before anything changes: is it there, and what stands in the way. Writes nothing; on Linux it asks no network. */
  inspect(context: AppsContext, items: readonly AppItem[]): Promise<ReadonlyMap<string, Finding>>;
  /** Brings one item over and checks that it is there. Safe to repeat. */
  apply(context: AppsContext, item: AppItem): Promise<Outcome>;
  /** Files whose facts change whenever the list does. */
  watched(system: System): Promise<readonly string[]>;
}
