/** A question before something is done: what it is and what comes of it, Cancel, and the deed, which says why it did not go. */

import { Button } from '@fluentui/react-components';
import type { ReactNode, RefObject } from 'react';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from './modal.tsx';
import { Problem } from './problem.tsx';

/** What a mutation without variables tells of itself. */
interface Deed {
  readonly isPending: boolean;
  readonly error: Error | null;
  mutate(): void;
}

export interface QuestionProps {
  readonly title: string;
  /** What comes of it. */
  readonly children: ReactNode;
  /** What the button that does it says. */
  readonly doIt: string;
  readonly deed: Deed;
  /** What stands above an error; "That did not work" unless given. */
  readonly cause?: (error: Error) => string;
  readonly onClose: () => void;
  /** As of Modal. */
  readonly elseFocus?: RefObject<HTMLElement | null>;
}

export function Question({ title, children, doIt, deed, cause, onClose, elseFocus }: QuestionProps) {
  const say = useWords();
  return (
    <Modal
      title={title}
      onClose={onClose}
      {...(elseFocus === undefined ? {} : { elseFocus })}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabledFocusable={deed.isPending} onClick={() => deed.mutate()}>
            {doIt}
          </Button>
        </>
      }
    >
      {children}
      {deed.error === null ? null : <Problem error={deed.error} cause={cause?.(deed.error) ?? say('page.notDone')} />}
    </Modal>
  );
}
