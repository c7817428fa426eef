/** Enrollment > Autopilot: the profiles, the PCs that IT registered, and what is different from Intune. */

import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { TargetNames } from '../parts/target-names.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { listPcs, listProfiles, type RegisteredPc, type SavedProfile } from './autopilot-data.ts';
import { RestoreState } from './mode-words.tsx';
import { OpenLink } from './open-link.tsx';
import { RegisteredPcs } from './registered-pcs.tsx';

export interface AutopilotViewProps {
  readonly graph: Graph;
  /** `id` is "new" for a profile that is still to be made. */
  readonly hrefOf: (id: string) => string;
  readonly onOpen: (id: string) => void;
}

export function AutopilotView({ graph, hrefOf, onOpen }: AutopilotViewProps) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph)('devices');
  const profiles = useQuery({
    queryKey: ['autopilotProfiles'],
    queryFn: ({ signal }) => listProfiles(graph, signal),
  });
  const pcs = useQuery({ queryKey: ['registeredPcs'], queryFn: ({ signal }) => listPcs(graph, signal) });
  const list = profiles.data ?? [];
  return (
    <>
      <PageHead
        size="admin"
        parent={say('restoreSwitch.parent')}
        title={say('autopilot.title')}
        lead={say('autopilot.lead')}
        actions={
          <TaskButton task="devices" may={may} primary onClick={() => onOpen('new')}>
            {say('autopilot.create')}
          </TaskButton>
        }
      />
      <div className={styles.stack}>
        {profiles.isPending ? <Waiting rows={3} /> : null}
        {profiles.error === null ? null : <Problem error={profiles.error} onAgain={() => void profiles.refetch()} />}
        {profiles.isSuccess && list.length === 0 ? <NoProfile /> : null}
        {list.length === 0 ? null : (
          <ProfileTable graph={graph} profiles={list} pcs={pcs.data} hrefOf={hrefOf} onOpen={onOpen} />
        )}
        <RegisteredPcs graph={graph} found={pcs} profiles={list} />
        <Differences />
      </div>
    </>
  );
}

function NoProfile() {
  const say = useWords();
  const styles = usePageStyles();
  return (
    <div className={styles.card}>
      <h2 className={styles.heading}>{say('autopilot.none')}</h2>
      <p className={styles.plain}>{say('autopilot.noneNext')}</p>
    </div>
  );
}

interface ProfileTableProps extends AutopilotViewProps {
  readonly profiles: readonly SavedProfile[];
  readonly pcs: readonly RegisteredPc[] | undefined;
}

function ProfileTable({ graph, profiles, pcs, hrefOf, onOpen }: ProfileTableProps) {
  const say = useWords();
  return (
    <ListTable
      label={say('autopilot.title')}
      columns={[
        say('policyList.name'),
        say('autopilot.mode'),
        say('autopilot.restore'),
        say('deviceList.join'),
        say('autopilot.assigned'),
        say('autopilot.given'),
      ]}
      rows={profiles.map(({ id, draft }) => ({
        key: id,
        cells: [
          <OpenLink key="name" href={hrefOf(id)} onOpen={() => onOpen(id)}>
            {draft.name}
          </OpenLink>,
          say(`autopilot.mode.${draft.mode}`),
          <RestoreState key="restore" mode={draft.mode} />,
          say('deviceList.join.azureADJoined'),
          <TargetNames key="assigned" graph={graph} targets={draft.targets} everybodyIs={say('autopilot.allPcs')} />,
          pcs === undefined ? '' : pcs.filter(({ carryover }) => carryover.autopilotProfileId === id).length,
        ],
      }))}
    />
  );
}

/** What an administrator who knows Intune would look for in vain. */
function Differences() {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  return (
    <section aria-labelledby={id} className={styles.card}>
      <h2 id={id} className={styles.heading}>
        {say('autopilot.differences')}
      </h2>
      <ul className={styles.plain}>
        <li>{say('autopilot.oldestCounts')}</li>
        <li>{say('autopilot.countsOnce')}</li>
        <li>{say('autopilot.noHybrid')}</li>
        <li>{say('autopilot.keptOnly')}</li>
        <li>{say('autopilot.noHash')}</li>
      </ul>
    </section>
  );
}
