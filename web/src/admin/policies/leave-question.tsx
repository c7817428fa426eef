/** Asked when somebody leaves a page with something typed: within the admin center here, out of it by the browser. */

import { Button } from '@fluentui/react-components';
import { useBlocker } from '@tanstack/react-router';
import type { RefObject } from 'react';
import { useWords } from '../../shared/words/admin-policies.ts';
import { Modal } from '../parts/modal.tsx';

/** `typed`: is there anything to lose; read at the moment of leaving. */
export function LeaveQuestion({ typed }: { readonly typed: RefObject<boolean> }) {
  const say = useWords();
  const leaving = useBlocker({
    shouldBlockFn: () => typed.current,
    enableBeforeUnload: () => typed.current,
    withResolver: true,
  });
  if (leaving.status !== 'blocked') return null;
  return (
    <Modal
      title={say('leave.title')}
      onClose={leaving.reset}
      actions={
        <>
          <Button onClick={leaving.reset}>{say('leave.stay')}</Button>
          <Button appearance="primary" onClick={leaving.proceed}>
            {say('leave.go')}
          </Button>
        </>
      }
    >
      <span>{say('leave.what')}</span>
    </Modal>
  );
}
