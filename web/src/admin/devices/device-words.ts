/** How a device stands, as the sign and the name of the sentence that say it. */

import type { Coverage } from '@carryover/model/admin';
import type { State } from '../../shared/state-text.tsx';

export const COVERAGE_WORDS = {
  backedUp: { state: 'fine', name: 'coverage.protected' },
  overdue: { state: 'toDo', name: 'coverage.stale' },
  failing: { state: 'failing', name: 'coverage.failing' },
  notEligible: { state: 'off', name: 'coverage.ineligible' },
  notSwitchedOn: { state: 'waiting', name: 'coverage.off' },
  never: { state: 'waiting', name: 'deviceList.never' },
} as const satisfies Record<Coverage, { state: State; name: string }>;
