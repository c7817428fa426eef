/** A request that failed: what happened, what is safe, what to do, and the details for IT. */

import { KnownError } from '@carryover/model/errors';
import { Button } from '@fluentui/react-components';
import { Reason } from '../../shared/reason.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { ErrorDetails } from './error-details.tsx';

export interface ProblemProps {
  readonly error: Error;
  /** What was tried, in bold; that something could not be loaded unless given. */
  readonly cause?: string;
  readonly onAgain?: () => void;
}

export function Problem({ error, cause, onAgain }: ProblemProps) {
  const say = useWords();
  const conflict = error instanceof KnownError && error.code === 'resourceModified';
  return (
    <div role="alert">
      <Reason
        cause={cause ?? say('page.failed')}
        state="failing"
        actions={
          onAgain === undefined ? undefined : (
            <Button size="small" onClick={onAgain}>
              {say(conflict ? 'page.lookAgain' : 'common.tryAgain')}
            </Button>
          )
        }
      >
        {conflict ? say('page.conflict') : `${error.message} ${say('page.nothingChanged')}`}
        <ErrorDetails error={error} />
      </Reason>
    </div>
  );
}
