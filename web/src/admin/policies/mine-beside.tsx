/** One's own values that were not saved, beside what somebody else stored meanwhile: each can be taken over or left. */

import { Button } from '@fluentui/react-components';
import { useEffect, useId, useRef } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-policies.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { type Draft, same } from './draft.ts';
import { PartValue, partTitle } from './part-words.tsx';
import { type Part, saidIn, withPart } from './policy-diff.ts';

/** What somebody had typed when they loaded what is stored. */
export interface Mine {
  readonly draft: Draft;
  /** What of it they had changed. */
  readonly parts: readonly Part[];
}

export interface MineBesideProps {
  readonly graph: Graph;
  readonly mine: Mine;
  /** As it stands on the page. */
  readonly draft: Draft;
  readonly onUse: (draft: Draft) => void;
  readonly onForget: () => void;
}

export function MineBeside({ graph, mine, draft, onUse, onForget }: MineBesideProps) {
  const say = useWords();
  const styles = usePageStyles();
  const { language } = useLanguage();
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const use = (parts: readonly Part[]) => {
    onUse(parts.reduce((made, part) => withPart(made, part, mine.draft), draft));
    // The button that was pressed may go away.
    heading.current?.focus();
  };
  return (
    <section aria-labelledby={id} className={styles.card}>
      <h2 id={id} ref={heading} tabIndex={-1} className={styles.heading}>
        {say('mine.title')}
      </h2>
      <p className={styles.plain}>{say('mine.what')}</p>
      <ListTable
        label={say('mine.title')}
        columns={[say('conflict.part'), say('conflict.theirs'), say('conflict.yours'), say('personList.actions')]}
        rows={mine.parts.map((part) => {
          const title = partTitle(part, say, language);
          return {
            key: part,
            cells: [
              title,
              <PartValue key="now" graph={graph} draft={draft} part={part} />,
              <PartValue key="mine" graph={graph} draft={mine.draft} part={part} />,
              same(saidIn(draft, part), saidIn(mine.draft, part)) ? (
                say('mine.used')
              ) : (
                <Button
                  key="use"
                  size="small"
                  aria-label={say('mine.useWhich', { name: title })}
                  onClick={() => use([part])}
                >
                  {say('mine.use')}
                </Button>
              ),
            ],
          };
        })}
      />
      <div className={styles.tools}>
        <Button onClick={() => use(mine.parts)}>{say('mine.useAll')}</Button>
        <Button onClick={onForget}>{say('mine.away')}</Button>
      </div>
    </section>
  );
}
