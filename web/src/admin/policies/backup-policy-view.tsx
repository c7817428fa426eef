/** Windows Backup on or off for everyone: who decides it now, and what a change would do, said before it is saved. */

import { useQuery } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { StateText } from '../../shared/state-text.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { SwitchCard } from '../parts/switch-card.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import {
  type BackupSwitch,
  countDevices,
  POLICY_NAME,
  readBackupSwitch,
  saveBackupSwitch,
} from './backup-policy-data.ts';

export function BackupPolicyView({ graph }: { readonly graph: Graph }) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph);
  const found = useQuery({ queryKey: ['backupSwitch'], queryFn: ({ signal }) => readBackupSwitch(graph, signal) });
  const counted = useQuery({ queryKey: ['deviceCount'], queryFn: ({ signal }) => countDevices(graph, signal) });
  const backup = found.data;
  const others = backup?.offBy.filter((name) => name !== POLICY_NAME) ?? [];
  return (
    <>
      <PageHead size="admin" title={say('backupSwitch.title')} lead={say('backupSwitch.lead')} />
      <div className={styles.stack}>
        {found.isPending ? <Waiting rows={1} rowHeight={220} /> : null}
        {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
        {backup === undefined ? null : (
          <SwitchCard
            title={say('backupSwitch.setting')}
            lead={<Now backup={backup} />}
            off={say('backupSwitch.off')}
            on={say('backupSwitch.on')}
            value={ownDecision(backup)}
            task="devices"
            may={may('devices')}
            effectOf={(on) => (
              <>
                {counted.data === undefined ? null : (
                  <p>{say(on ? 'backupSwitch.willOn' : 'backupSwitch.willOff', { n: counted.data })}</p>
                )}
                <p>{say('backupSwitch.assigns')}</p>
                {on && others.length > 0 ? (
                  <StateText state="toDo">{say('backupSwitch.others', { names: others.join(', ') })}</StateText>
                ) : null}
              </>
            )}
            save={(on) => saveBackupSwitch(graph, backup.own, on)}
            reload={() => found.refetch()}
          />
        )}
      </div>
    </>
  );
}

/** What the page's own policy says to everyone; undefined while it reaches nobody. */
function ownDecision({ own, on }: BackupSwitch): boolean | undefined {
  if (own?.isAssigned === true) return own.on;
  return on ? true : undefined;
}

function Now({ backup: { on, onBy, offBy } }: { readonly backup: BackupSwitch }) {
  const say = useWords();
  if (on) return <StateText state="fine">{say('backupSwitch.nowOn', { names: onBy.join(', ') })}</StateText>;
  if (offBy.length > 0)
    return <StateText state="off">{say('backupSwitch.nowOff', { names: offBy.join(', ') })}</StateText>;
  return <StateText state="waiting">{say('backupSwitch.never')}</StateText>;
}
