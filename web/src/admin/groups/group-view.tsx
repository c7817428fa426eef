/** One group: what it is called, by which rule, who is in it, and the way out of it. */

import { Button } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useMemo, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { NameFields } from '../parts/name-fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { DeleteGroup } from './delete-group.tsx';
import {
  changeGroup,
  draftOf,
  forgetGroups,
  GROUP_LENGTHS,
  type Group,
  type GroupDraft,
  openGroup,
  ruleFaultOf,
} from './groups-data.ts';
import { MemberList } from './member-list.tsx';
import { RuleField } from './rule-field.tsx';

export interface GroupViewProps {
  readonly graph: Graph;
  readonly id: string;
  /** To all groups. */
  readonly onBack: () => void;
}

export function GroupView({ graph, id, onBack }: GroupViewProps) {
  const say = useWords();
  const queries = useQueryClient();
  const [savedEtag, setSavedEtag] = useState<string>();
  const found = useQuery({
    queryKey: ['openGroup', id],
    queryFn: ({ signal }) => openGroup(graph, id, signal),
    // What is edited must not change under the hands of who edits it; a conflict is told when it is saved.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  });
  if (found.data === undefined || (found.isFetching && !found.isFetchedAfterMount))
    return (
      <>
        <PageHead size="admin" title={say('groupPage.loading')} />
        {found.error === null ? (
          <Waiting rows={3} rowHeight={120} />
        ) : (
          <Problem error={found.error} onAgain={() => void found.refetch()} />
        )}
      </>
    );
  const etag = found.data['@odata.etag'];
  return (
    <OpenGroup
      key={etag}
      graph={graph}
      group={found.data}
      isSaved={savedEtag !== undefined && savedEtag === etag}
      onSaved={async () => setSavedEtag((await found.refetch()).data?.['@odata.etag'])}
      onAgain={() => {
        void found.refetch();
        void forgetGroups(queries);
      }}
      onBack={onBack}
    />
  );
}

interface OpenGroupProps {
  readonly graph: Graph;
  readonly group: Group;
  /** What is shown was saved here just now. */
  readonly isSaved: boolean;
  readonly onSaved: () => Promise<void>;
  readonly onAgain: () => void;
  readonly onBack: () => void;
}

function OpenGroup({ graph, group, isSaved, onSaved, onAgain, onBack }: OpenGroupProps) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph)('groups');
  const [isDeleting, setDeleting] = useState(false);
  return (
    <>
      <PageHead
        size="admin"
        parent={say('groupList.title')}
        title={group.displayName}
        lead={say(group.membershipRule === null ? 'groupPage.assigned' : 'groupPage.byRule')}
        actions={
          <div className={styles.tools}>
            <Button onClick={onBack}>{say('groupPage.back')}</Button>
            <TaskButton task="groups" may={may} quiet onClick={() => setDeleting(true)}>
              {say('groupPage.delete')}
            </TaskButton>
          </div>
        }
      />
      <div className={styles.stack}>
        <Basics graph={graph} group={group} may={may} isSaved={isSaved} onSaved={onSaved} onAgain={onAgain} />
        <MemberList graph={graph} group={group} may={may} />
      </div>
      {isDeleting ? (
        <DeleteGroup graph={graph} group={group} onClose={() => setDeleting(false)} onGone={onBack} />
      ) : null}
    </>
  );
}

interface BasicsProps extends Omit<OpenGroupProps, 'onBack'> {
  readonly may: boolean;
}

function Basics({ graph, group, may, isSaved, onSaved, onAgain }: BasicsProps) {
  const say = useWords();
  const styles = usePageStyles();
  const queries = useQueryClient();
  const id = useId();
  const card = useRef<HTMLElement>(null);
  const [draft, setDraft] = useState(() => draftOf(group));
  const saving = useMutation({
    mutationFn: () => changeGroup(graph, group, draft),
    onSuccess: async () => {
      await forgetGroups(queries);
      await onSaved();
    },
  });
  const change = (part: Partial<GroupDraft>) => {
    saving.reset();
    setDraft({ ...draft, ...part });
  };
  const discard = () => {
    saving.reset();
    setDraft(draftOf(group));
    // The button that was pressed goes away.
    card.current?.querySelector('input')?.focus();
  };
  const isChanged = JSON.stringify(draft) !== JSON.stringify(draftOf(group));
  const ruleFault = useMemo(() => ruleFaultOf(saving.error), [saving.error]);
  const nameFault = draft.name.trim() === '' ? say('groupList.needsName') : null;
  const disabled = !may || saving.isPending;
  return (
    <section ref={card} aria-labelledby={id} className={styles.card}>
      <h2 id={id} className={styles.heading}>
        {say('policyEditor.basics')}
      </h2>
      <NameFields draft={draft} longest={GROUP_LENGTHS} disabled={disabled} fault={nameFault} onChange={change} />
      {draft.rule === undefined ? null : (
        <RuleField rule={draft.rule} disabled={disabled} fault={ruleFault} onChange={(rule) => change({ rule })} />
      )}
      <div aria-live="polite">
        {isChanged && draft.rule !== draftOf(group).rule ? say('groupPage.ruleEffect') : null}
        {isSaved && !isChanged ? say('page.saved') : null}
      </div>
      {saving.error === null || ruleFault !== undefined ? null : (
        <Problem error={saving.error} cause={say('page.notDone')} onAgain={onAgain} />
      )}
      <div className={styles.tools}>
        <TaskButton
          task="groups"
          may={may}
          primary
          disabled={!isChanged || nameFault !== null || saving.isPending}
          onClick={() => saving.mutate()}
        >
          {say('page.save')}
        </TaskButton>
        {isChanged ? <Button onClick={discard}>{say('page.discard')}</Button> : null}
      </div>
    </section>
  );
}
