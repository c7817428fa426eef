/** How a device stands, as the sign and the name of the sentence that say it. */

import type { Coverage } from '@carryover/model/admin';
import type { SetupOutcome } from '@carryover/model/outcome';
import type { State } from '../../shared/state-text.tsx';

export const COVERAGE_WORDS = {
  backedUp: { state: 'fine', name: 'coverage.protected' },
  overdue: { state: 'toDo', name: 'coverage.stale' },
  failing: { state: 'failing', name: 'coverage.failing' },
  notEligible: { state: 'off', name: 'coverage.ineligible' },
  notSwitchedOn: { state: 'waiting', name: 'coverage.off' },
  never: { state: 'waiting', name: 'deviceList.never' },
} as const satisfies Record<Coverage, { state: State; name: string }>;

/** The words of Intune for what came of the restore page. */
export const SETUP_OUTCOME_WORDS = {
  notApplicable: 'outcome.notApplicable',
  noPolicyAssigned: 'outcome.noPolicy',
  succeeded: 'outcome.succeeded',
  failed: 'outcome.failed',
  noBackupProfiles: 'outcome.noProfiles',
  setupAsNewPCSelected: 'outcome.setUpAsNew',
} as const satisfies Record<SetupOutcome, string>;
