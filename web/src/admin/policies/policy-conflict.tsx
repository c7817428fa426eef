/**
 * Two administrators changed one policy: who was first and when, what each made of it, and the two ways on. Nothing is
 * saved and nothing typed is lost until one is chosen.
 */

import { KnownError } from '@carryover/model/errors';
import type { LastChange } from '@carryover/model/policy-preview';
import { Badge, Button } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useId, useRef } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { StateText } from '../../shared/state-text.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { fullTime } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-policies.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { type Draft, same } from './draft.ts';
import { PartValue, partTitle } from './part-words.tsx';
import { differingParts, saidIn } from './policy-diff.ts';
import { type OpenPolicy, openPolicy } from './policy-documents.ts';

export interface PolicyConflictProps {
  readonly graph: Graph;
  /** As it was opened. */
  readonly policy: OpenPolicy & { readonly id: string };
  /** As it would be saved. */
  readonly draft: Draft;
  readonly error: KnownError;
  readonly onLoad: (theirs: OpenPolicy) => void;
  readonly onSaveOver: (theirs: OpenPolicy) => void;
}

export function PolicyConflict({ graph, policy, draft, error, onLoad, onSaveOver }: PolicyConflictProps) {
  const say = useWords();
  const styles = usePageStyles();
  const { language } = useLanguage();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const found = useQuery({
    // Each refusal is about another change.
    queryKey: ['policyTheirs', policy.kind, policy.id, error.details['requestId']],
    queryFn: ({ signal }) => openPolicy(graph, policy, signal),
    gcTime: 0,
  });
  const theirs = found.data;
  const isGone = found.error instanceof KnownError && found.error.code === 'itemNotFound';
  const { changedBy, changedAt }: LastChange = error.details;
  const time = changedAt === undefined ? '…' : fullTime(changedAt, { language });
  return (
    <section aria-labelledby={id} className={styles.card}>
      <h2 id={id} ref={heading} tabIndex={-1} className={styles.heading}>
        <StateText state="toDo">
          {changedBy === undefined ? say('conflict.somebody') : say('conflict.who', { name: changedBy, time })}
        </StateText>
      </h2>
      <p className={styles.plain}>{say(isGone ? 'conflict.gone' : 'conflict.what')}</p>
      {found.isPending ? <Waiting rows={2} /> : null}
      {found.error === null || isGone ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {theirs === undefined ? null : (
        <>
          <Differences graph={graph} opened={policy.draft} theirs={theirs.draft} yours={draft} />
          <div className={styles.tools}>
            <Button appearance="primary" onClick={() => onLoad(theirs)}>
              {say('conflict.load')}
            </Button>
            <Button onClick={() => onSaveOver(theirs)}>{say('conflict.over')}</Button>
          </div>
        </>
      )}
    </section>
  );
}

interface DifferencesProps {
  readonly graph: Graph;
  readonly opened: Draft;
  readonly theirs: Draft;
  readonly yours: Draft;
}

function Differences({ graph, opened, theirs, yours }: DifferencesProps) {
  const say = useWords();
  const styles = usePageStyles();
  const { language } = useLanguage();
  const [changedThere, changedHere] = [differingParts(opened, theirs), differingParts(opened, yours)];
  const parts = [...new Set([...changedThere, ...changedHere])];
  if (changedThere.length === 0) return <p className={styles.plain}>{say('conflict.same')}</p>;
  const isFought = (part: string) =>
    changedThere.includes(part) && changedHere.includes(part) && !same(saidIn(theirs, part), saidIn(yours, part));
  return (
    <ListTable
      label={say('conflict.table')}
      columns={[say('conflict.part'), say('conflict.opened'), say('conflict.theirs'), say('conflict.yours')]}
      rows={parts.map((part) => ({
        key: part,
        cells: [
          <span key="part">
            {partTitle(part, say, language)}{' '}
            {isFought(part) ? <Badge appearance="tint">{say('conflict.both')}</Badge> : null}
          </span>,
          ...[opened, theirs, yours].map((draft, at) => (
            <PartValue key={['opened', 'theirs', 'yours'][at]} graph={graph} draft={draft} part={part} />
          )),
        ],
      }))}
    />
  );
}
