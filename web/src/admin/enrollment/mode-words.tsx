/** What a profile's mode means for restore, as the rules of the model have it. */

import { CONSEQUENCES } from '@carryover/model/provisioning';
import { StateText } from '../../shared/state-text.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import type { ProfileMode } from './autopilot-data.ts';

/** One sentence on what becomes of restore and backup. */
export function useModeMeaning(): (mode: ProfileMode) => string {
  const say = useWords();
  return (mode) => {
    const { restoresAtSetup, hasPerson } = CONSEQUENCES[mode];
    if (restoresAtSetup) return say('autopilot.meansPage');
    return say(hasPerson ? 'autopilot.meansLater' : 'autopilot.meansNever');
  };
}

/** Whether the restore page can be shown, for a table. */
export function RestoreState({ mode }: { readonly mode: ProfileMode }) {
  const say = useWords();
  const { restoresAtSetup, hasPerson } = CONSEQUENCES[mode];
  if (restoresAtSetup) return <StateText state="fine">{say('autopilot.restoresAtSetup')}</StateText>;
  return <StateText state="off">{say(hasPerson ? 'autopilot.restoresLater' : 'autopilot.restoresNever')}</StateText>;
}
