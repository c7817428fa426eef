/** What could not be done, as the local pages take it: the code, the reasons and what IT needs to find it. Pure. */

import { KnownError } from '@carryover/model/errors';
import type { LocalFault } from '@carryover/model/local-pages';
import type { Reason } from '@carryover/model/reasons';

/** A fault of this program is told as one, with nothing of its inside; it is thrown as well, so that it is seen. */
export function faultFrom(error: unknown, now: Temporal.Instant): LocalFault {
  const at = now.toString({ smallestUnit: 'second' });
  if (!(error instanceof KnownError)) {
    const message = 'Something unexpected happened in Carryover itself. What was done so far is kept. Tell your IT.';
    return { code: 'missingPart', inner: 'unexpected', message, reasons: [], at };
  }
  const { code, inner, message, details } = error;
  const { reasons, requestId } = details as { readonly reasons?: readonly Reason[]; readonly requestId?: string };
  return {
    code,
    message,
    reasons: reasons ?? [],
    at,
    ...(inner === undefined ? {} : { inner }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}
