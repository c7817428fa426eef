/**
 * Why a picture stays where it is, told alike on every system.
 *
 * Pure.
 */

import type { Reason } from '@carryover/model/reasons';
import { MAX_BLOB_BYTES } from '@carryover/model/unit';

export function unreadable(path: string): Reason {
  return { code: 'fileUnreadable', facts: { path } };
}

export function tooLarge(path: string, bytes: number): Reason {
  return { code: 'fileTooLarge', facts: { path, bytes: String(bytes), limit: String(MAX_BLOB_BYTES) } };
}

export function notAPicture(): Reason {
  return { code: 'badValue', facts: { detail: 'it is no picture' } };
}
