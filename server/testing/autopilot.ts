/** Autopilot profiles as administrators make them, for tests. */

import { AUTOPILOT_PROFILE_TYPE } from '../src/autopilot/documents.ts';

/** A user-driven one, with what matters to a test in place of its own. */
export function anAutopilotProfile(what: Readonly<Record<string, unknown>> = {}) {
  return { '@odata.type': AUTOPILOT_PROFILE_TYPE, displayName: 'Office PCs', ...what };
}
