/**
 * A place on the device where an administrator writes policies: files, locks of dconf, the registry of Windows.
 *
 * It is only read here; the service puts what is found together with its own policies (model's policy-merge.ts).
 */

import type { LocalFindings } from '@carryover/model/policy-file';

export interface LocalSource {
  /** Changes whenever what `read` finds may have; empty where nothing is set. Costs a look at files. Errors: none. */
  mark(): Promise<string>;
  /** What counts, and what does not with its reason. Errors: none for a place that cannot be read: that is a problem in the list. */
  read(): Promise<LocalFindings>;
}

/** Where policies are read from, and whose files count. */
export interface PolicyPlaces {
  /** Absolute, without a slash at its end. */
  readonly folder: string;
  /** Ids of the users whose files count. */
  readonly owners: readonly number[];
}
