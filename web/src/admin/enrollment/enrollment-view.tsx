/** Enrollment > Windows Backup and Restore: the restore page, who may join devices, and enrollment tokens. */

import { useQuery } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { SwitchCard } from '../parts/switch-card.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { mayAllJoin, readRegistration, saveJoining } from './enrollment-data.ts';
import { RestorePageCard } from './restore-page-card.tsx';
import { Tokens } from './tokens.tsx';

export function EnrollmentView({ graph }: { readonly graph: Graph }) {
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
        <Joining graph={graph} />
        <Tokens graph={graph} />
      </div>
    </>
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
