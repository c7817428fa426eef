/**
 * A question or a form over the page: the browser's own modal dialog, which keeps the focus, closes with Escape and gives
 * the focus back to what opened it.
 */

import { makeStyles } from '@fluentui/react-components';
import { type ReactNode, type RefObject, useId, useLayoutEffect, useRef } from 'react';
import { tokens } from '../../shared/theme.ts';

const useStyles = makeStyles({
  dialog: {
    boxSizing: 'border-box',
    width: 'min(36rem, calc(100vw - 2rem))',
    maxHeight: 'calc(100vh - 2rem)',
    overflowY: 'auto',
    padding: tokens.spacingHorizontalXXL,
    color: tokens.colorNeutralForeground1,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusXLarge,
    '::backdrop': { backgroundColor: 'rgb(0 0 0 / 40%)' },
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500 },
  content: { display: 'grid', rowGap: tokens.spacingVerticalM, minWidth: 0, marginBlock: tokens.spacingVerticalM },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS, justifyContent: 'flex-end' },
});

export interface ModalProps {
  readonly title: string;
  readonly children: ReactNode;
  readonly actions: ReactNode;
  readonly onClose: () => void;
  /** Takes the focus when what opened the dialog is gone by then, or goes before the focus has moved on. */
  readonly elseFocus?: RefObject<HTMLElement | null>;
}

export function Modal({ title, children, actions, onClose, elseFocus }: ModalProps) {
  const styles = useStyles();
  const titleId = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // In the layout phase the dialog is still in the page when it closes: only then does the browser know where to go back to.
  useLayoutEffect(() => {
    const element = dialog.current;
    const opener = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (opener !== null && elseFocus !== undefined) focusWhenGone(opener, elseFocus);
    };
  }, [elseFocus]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={titleId}
      className={styles.dialog}
      onCancel={(event) => {
        // A file chooser in it that was left without a choice says the same word.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId} className={styles.title}>
        {title}
      </h2>
      <div className={styles.content}>{children}</div>
      <div className={styles.actions}>{actions}</div>
    </dialog>
  );
}

/** What a dialog did may take its opener away before, with or after the dialog itself: the list is asked for anew. */
function focusWhenGone(opener: Element, elseFocus: RefObject<HTMLElement | null>): void {
  const look = () => {
    if (opener.isConnected) return;
    stop();
    // Nowhere, or still in the dialog that is going.
    const focused = document.activeElement;
    if (focused === document.body || focused?.closest('dialog')) elseFocus.current?.focus();
  };
  const changes = new MutationObserver(look);
  const stop = () => {
    changes.disconnect();
    document.removeEventListener('focusin', stop);
  };
  changes.observe(document.body, { childList: true, subtree: true });
  document.addEventListener('focusin', stop);
  look();
}
