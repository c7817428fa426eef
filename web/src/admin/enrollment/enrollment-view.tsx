/**
 * Enrollment > Windows Backup and Restore: the restore page, Autopilot profiles, who may join devices, and enrollment tokens.
 */

import { CONSEQUENCES } from '@carryover/model/provisioning';
import { Button } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { StateText } from '../../shared/state-text.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { SwitchCard } from '../parts/switch-card.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { listProfiles } from './autopilot-data.ts';
import { mayAllJoin, readRegistration, saveJoining } from './enrollment-data.ts';
import { RestorePageCard } from './restore-page-card.tsx';
import { Tokens } from './tokens.tsx';

export interface EnrollmentViewProps {
  readonly graph: Graph;
  readonly onAutopilot: () => void;
}

export function EnrollmentView({ graph, onAutopilot }: EnrollmentViewProps) {
  const say = useWords();
  const styles = usePageStyles();
  return (
    <>
      <PageHead
        size="admin"
        parent={say('restoreSwitch.parent')}
        title={say('restoreSwitch.title')}
        lead={say('restoreSwitch.lead')}
      />
      <div className={styles.stack}>
        <RestorePageCard graph={graph} />
        <Autopilot graph={graph} onAutopilot={onAutopilot} />
        <Joining graph={graph} />
        <Tokens graph={graph} />
      </div>
    </>
  );
}

/** Whether what IT prepared lets the restore page be shown at all. */
function Autopilot({ graph, onAutopilot }: EnrollmentViewProps) {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const { data: profiles } = useQuery({
    queryKey: ['autopilotProfiles'],
    queryFn: ({ signal }) => listProfiles(graph, signal),
  });
  const restoring = profiles?.filter(({ draft }) => CONSEQUENCES[draft.mode].restoresAtSetup).length ?? 0;
  return (
    <section aria-labelledby={id} className={styles.card}>
      <h2 id={id} className={styles.heading}>
        {say('autopilot.title')}
      </h2>
      {profiles === undefined ? null : (
        <StateText state={restoring === profiles.length ? 'fine' : 'toDo'}>
          {profiles.length === 0
            ? say('autopilot.none')
            : say('autopilot.howMany', { n: restoring, all: profiles.length })}
        </StateText>
      )}
      <div>
        <Button onClick={onAutopilot}>{say('autopilot.open')}</Button>
      </div>
    </section>
  );
}

function Joining({ graph }: { readonly graph: Graph }) {
  const say = useWords();
  const may = useMay(graph);
  const found = useQuery({ queryKey: ['registration'], queryFn: ({ signal }) => readRegistration(graph, signal) });
  const read = found.data;
  return (
    <>
      {found.isPending ? <Waiting rows={1} rowHeight={180} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {read === undefined ? null : (
        <SwitchCard
          title={say('joining.title')}
          off={say('joining.none')}
          on={say('joining.all')}
          value={mayAllJoin(read)}
          task="joining"
          may={may('joining')}
          effectOf={() => <p>{say('joining.once')}</p>}
          save={(all) => saveJoining(graph, read, all)}
          reload={() => found.refetch()}
        />
      )}
    </>
  );
}
