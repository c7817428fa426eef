/** A reading that failed, in words: no connection, no permission, or something else; what is safe and what to do. */

import { KnownError } from '@carryover/model/errors';
import { Button } from '@fluentui/react-components';
import { Reason } from '../../shared/reason.tsx';
import { useWords } from '../../shared/words/admin.ts';
import { ErrorDetails } from '../parts/error-details.tsx';

/** Whoever holds one of these sees Home. Source: Microsoft Entra built-in roles. */
const ADMINISTRATORS = [
  'Global Administrator',
  'Intune Administrator',
  'Cloud Device Administrator',
  'User Administrator',
  'Authentication Administrator',
  'Global Reader',
];

export interface TroubleProps {
  readonly error: Error;
  readonly onAgain?: () => void;
  /** Any of them may read it; every administrator unless given. */
  readonly roles?: readonly string[];
}

export function Trouble({ error, onAgain, roles = ADMINISTRATORS }: TroubleProps) {
  const say = useWords();
  const known = error instanceof KnownError ? error : undefined;
  return (
    <div role="alert">
      <Reason
        cause={say(causeOf(known))}
        state="failing"
        actions={onAgain === undefined ? undefined : <Button onClick={onAgain}>{say('common.tryAgain')}</Button>}
      >
        {known?.code === 'accessDenied'
          ? say('admin.noPermissionDo', { roles: roles.join(', ') })
          : say(safetyOf(known))}
        <ErrorDetails error={error} />
      </Reason>
    </div>
  );
}

function causeOf(known: KnownError | undefined) {
  if (known?.code === 'serviceUnreachable') return 'reach.title';
  if (known?.code === 'unauthenticated') return 'signIn.failed';
  return known?.code === 'accessDenied' ? 'admin.noPermission' : 'card.failed';
}

function safetyOf(known: KnownError | undefined) {
  if (known?.code === 'serviceUnreachable') return 'reach.safe';
  return known?.code === 'unauthenticated' ? 'signIn.failedSafe' : 'card.failedSafe';
}
