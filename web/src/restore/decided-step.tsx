/** Decided: the choice is kept, and what happens next is said. */

import type { DecidedChoice, RestoreView } from '@carryover/model/local-pages';
import { Button } from '@fluentui/react-components';
import { PageHead } from '../shared/page-head.tsx';
import type { Act } from '../shared/use-act.ts';
import type { RestoreClient } from './restore-client.ts';
import { ActFault, Foot, LineBox } from './step-parts.tsx';
import { useHere } from './use-here.ts';

export interface DecidedStepProps {
  readonly view: RestoreView;
  readonly choice: DecidedChoice;
  readonly client: RestoreClient;
  readonly act: Act;
  readonly onLeave: () => void;
}

export function DecidedStep({ view, choice, client, act, onLeave }: DecidedStepProps) {
  const { say } = useHere();
  const isNew = choice.kind === 'new';
  const canBegin = !isNew && view.mode === 'demand';
  return (
    <>
      <PageHead
        size="setup"
        title={say(isNew ? 'restore.decidedNew' : 'restore.decided')}
        lead={isNew ? say('restore.decidedNewLead') : say('restore.decidedLead', { device: choice.deviceName })}
      />
      <LineBox state="fine" strong={say('restore.decidedSafe')}>
        {say('restore.decidedSafeMore')}
      </LineBox>
      <ActFault error={act.error} />
      <Foot>
        {canBegin ? (
          <Button size="large" disabledFocusable={act.isBusy} onClick={() => void act.run(client.apply)}>
            {say('restore.bringNow')}
          </Button>
        ) : null}
        <Button size="large" appearance="primary" disabledFocusable={act.isBusy} onClick={onLeave}>
          {say('restore.desktop')}
        </Button>
      </Foot>
    </>
  );
}
