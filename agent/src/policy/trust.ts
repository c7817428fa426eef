/** Whether what lies on the device is the organization's word: only what no person could have changed is. Pure. */

import type { Reason } from '@carryover/model/reasons';
import type { FileFacts } from '../system/system.ts';
import type { PolicyPlaces } from './local-source.ts';

/** Why this is not the organization's word; undefined when it is. */
export function distrust(path: string, { owner, mode }: FileFacts, { owners }: PolicyPlaces): Reason | undefined {
  const isTheirs = owners.includes(owner) && (mode & WRITABLE_BY_OTHERS) === 0;
  return isTheirs ? undefined : { code: 'policyFileNotTrusted', facts: { file: path } };
}

/** Of the group, or of everybody. */
const WRITABLE_BY_OTHERS = 0o022;
