/** A temporary password, shown this once, to be copied. */

import { Button } from '@fluentui/react-components';
import { CopyText } from '../../shared/copy-text.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';

export interface PasswordOnceProps {
  /** For whom it is. */
  readonly sentence: string;
  readonly password: string;
  readonly onClose: () => void;
}

export function PasswordOnce({ sentence, password, onClose }: PasswordOnceProps) {
  const say = useWords();
  return (
    <Modal
      title={say('personList.password')}
      onClose={onClose}
      actions={
        <Button appearance="primary" onClick={onClose}>
          {say('common.close')}
        </Button>
      }
    >
      <span>{sentence}</span>
      <CopyText text={password} />
      <span>{say('page.shownOnce')}</span>
    </Modal>
  );
}
