/** Errors as the local pages get them: the envelope of the device API. Pure. */

import { ERRORS, KnownError } from '@carryover/model/errors';

export interface Told {
  readonly status: number;
  readonly envelope: object;
}

/** Whatever is not known is a bug: what it says stays inside. */
export function toldOf(error: unknown, now: Temporal.Instant): Told {
  const date = now.toString({ smallestUnit: 'second' });
  if (!(error instanceof KnownError)) {
    const message = 'Carryover has a fault. Tell your IT what you did last.';
    return { status: 500, envelope: { error: { code: 'generalException', message, innerError: { date } } } };
  }
  const { code, message, inner, details } = error;
  const innerError = {
    ...(inner === undefined ? {} : { code: inner }),
    ...(Object.keys(details).length === 0 ? {} : { details }),
    date,
  };
  // What was partly done is a fault to a page that waited for it to be done.
  const status = code === 'partlyDone' ? 409 : ERRORS[code].status;
  return { status, envelope: { error: { code, message, innerError } } };
}
