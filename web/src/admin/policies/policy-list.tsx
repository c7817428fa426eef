/** Every policy document: what it is, whether it reaches anybody, and the way into it. */

import { Link } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useId } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { StateText } from '../../shared/state-text.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { fullTime } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-policies.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { PolicyConflicts } from './policy-conflicts.tsx';
import { type DocumentKind, listConflicts, listPolicies, type PolicyLine } from './policy-documents.ts';

export interface PolicyPlace {
  readonly kind: DocumentKind;
  /** "new" for one that is still to be made. */
  readonly id: string;
}

export interface PolicyListProps {
  readonly graph: Graph;
  readonly hrefOf: (place: PolicyPlace) => string;
  readonly onOpen: (place: PolicyPlace) => void;
}

export function PolicyList({ graph, hrefOf, onOpen }: PolicyListProps) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph);
  const { language } = useLanguage();
  const id = useId();
  const found = useQuery({ queryKey: ['policies'], queryFn: ({ signal }) => listPolicies(graph, signal) });
  const conflicts = useQuery({ queryKey: ['policyConflicts'], queryFn: ({ signal }) => listConflicts(graph, signal) });
  const policies = found.data ?? [];
  return (
    <section aria-labelledby={id} className={styles.stack}>
      <div className={styles.tools}>
        <h2 id={id} className={styles.heading}>
          {say('policyList.title')}
        </h2>
        <TaskButton task="devices" may={may('devices')} quiet onClick={() => onOpen({ kind: 'catalog', id: 'new' })}>
          {say('policyList.create')}
        </TaskButton>
      </div>
      {found.isPending ? <Waiting rows={3} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {conflicts.error === null ? null : <Problem error={conflicts.error} onAgain={() => void conflicts.refetch()} />}
      {found.isSuccess && policies.length === 0 ? <p className={styles.quiet}>{say('policyList.none')}</p> : null}
      {policies.length === 0 ? null : (
        <ListTable
          label={say('policyList.title')}
          columns={[
            say('policyList.name'),
            say('policyList.kind'),
            say('policyList.reaches'),
            say('policyList.conflicts'),
            say('policyList.settings'),
            say('policyList.changed'),
          ]}
          rows={policies.map((policy) => ({
            key: `${policy.kind} ${policy.id}`,
            cells: [
              <PolicyLink key="name" place={policy} hrefOf={hrefOf} onOpen={onOpen}>
                {policy.name}
              </PolicyLink>,
              say(policy.kind === 'catalog' ? 'policyList.catalog' : 'policyList.custom'),
              <StateText key="reach" state={policy.isAssigned ? 'fine' : 'waiting'}>
                {say(policy.isAssigned ? 'policyList.assigned' : 'policyEditor.nobodyYet')}
              </StateText>,
              conflicts.data === undefined ? (
                ''
              ) : (
                <PolicyConflicts
                  key="conflicts"
                  policy={policy}
                  conflicts={conflicts.data}
                  linkTo={(policyId, words) => {
                    const other = policies.find((one) => one.id === policyId);
                    return other === undefined ? (
                      words
                    ) : (
                      <PolicyLink place={other} hrefOf={hrefOf} onOpen={onOpen}>
                        {words}
                      </PolicyLink>
                    );
                  }}
                />
              ),
              String(policy.settingCount),
              fullTime(policy.lastModifiedDateTime, { language }),
            ],
          }))}
        />
      )}
    </section>
  );
}

interface PolicyLinkProps extends Pick<PolicyListProps, 'hrefOf' | 'onOpen'> {
  readonly place: Pick<PolicyLine, 'kind' | 'id'>;
  readonly children: string;
}

function PolicyLink({ place, hrefOf, onOpen, children }: PolicyLinkProps) {
  return (
    <Link
      href={hrefOf(place)}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onOpen(place);
      }}
    >
      {children}
    </Link>
  );
}
