/**
 * Where this PC is to be connected, as IT has written it down beforehand: one line with an enrollment link.
 *
 * Only an administrator can write below /etc, so that the link may be believed as one typed by the person.
 */

import { type EnrollmentLink, enrollmentLinkFrom } from '../client/enrollment-link.ts';
import type { System } from '../system/system.ts';

/** Below the system folder. */
const ENROLLMENT_PLACE = 'carryover/enroll';

/** Undefined when there is no such file. Errors: invalidRequest when what it holds is no link. */
export async function linkInPlace(system: System): Promise<EnrollmentLink | undefined> {
  const bytes = await system.readFile(`${system.systemFolder}/${ENROLLMENT_PLACE}`);
  const line = Buffer.from(bytes ?? [])
    .toString()
    .split('\n')
    .map((text) => text.trim())
    .find((text) => text !== '' && !text.startsWith('#'));
  return line === undefined ? undefined : enrollmentLinkFrom(line);
}
