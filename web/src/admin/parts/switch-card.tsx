/**
 * One decision for everyone as two radio buttons: what is set, what saving would do, and a save that overwrites nothing it
 * did not see.
 */

import { Button, Radio, RadioGroup } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useId, useRef, useState } from 'react';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Problem } from './problem.tsx';
import type { Task } from './roles.ts';
import { TaskButton } from './task-button.tsx';
import { usePageStyles } from './use-page-styles.ts';

export interface SwitchCardProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly off: string;
  readonly on: string;
  /** As it is now; undefined when never decided, which counts as off. */
  readonly value: boolean | undefined;
  readonly task: Task;
  readonly may: boolean;
  /** What saving does, said before it. */
  readonly effectOf: (on: boolean) => ReactNode;
  readonly save: (on: boolean) => Promise<unknown>;
  /** Reads what is set again. */
  readonly reload: () => Promise<unknown>;
}

export function SwitchCard(props: SwitchCardProps) {
  const { title, lead, off, on, value, task, may, effectOf, save, reload } = props;
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const card = useRef<HTMLElement>(null);
  const [draft, setDraft] = useState<boolean>();
  const saving = useMutation({
    mutationFn: save,
    onSuccess: async () => {
      await reload();
      setDraft(undefined);
    },
  });
  const chosen = draft ?? value ?? false;
  const changed = draft !== undefined && draft !== value;
  const discard = () => {
    setDraft(undefined);
    // The button that was pressed goes away.
    card.current?.querySelector<HTMLElement>(`input[value="${value === true ? 'on' : 'off'}"]`)?.focus();
  };
  const again = async () => {
    await reload();
    setDraft(undefined);
    saving.reset();
  };
  return (
    <section ref={card} aria-labelledby={id} className={styles.card}>
      <h2 id={id} className={styles.heading}>
        {title}
      </h2>
      {lead === undefined ? null : <div className={styles.quiet}>{lead}</div>}
      <RadioGroup
        aria-labelledby={id}
        value={chosen ? 'on' : 'off'}
        disabled={!may || saving.isPending}
        onChange={(_, { value: picked }) => {
          saving.reset();
          setDraft(picked === 'on');
        }}
      >
        <Radio value="off" label={off} />
        <Radio value="on" label={on} />
      </RadioGroup>
      <div aria-live="polite">
        {changed ? (
          <>
            <strong>{say('policy.preview')}</strong>
            <div>{effectOf(chosen)}</div>
          </>
        ) : null}
        {saving.isSuccess && !changed ? say('page.saved') : null}
      </div>
      {saving.error === null ? null : (
        <Problem error={saving.error} cause={say('page.notDone')} onAgain={() => void again()} />
      )}
      <div className={styles.tools}>
        <TaskButton
          task={task}
          may={may}
          primary
          disabled={!changed || saving.isPending}
          onClick={() => saving.mutate(chosen)}
        >
          {say('page.save')}
        </TaskButton>
        {changed ? <Button onClick={discard}>{say('page.discard')}</Button> : null}
      </div>
    </section>
  );
}
