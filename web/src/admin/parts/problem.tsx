/** A request that failed: what happened, what is safe, what to do, and the details for IT. */

import { KnownError } from '@carryover/model/errors';
import { Button } from '@fluentui/react-components';
import { FaultDetails } from '../../shared/fault-details.tsx';
import { Reason } from '../../shared/reason.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';

export interface ProblemProps {
  readonly error: Error;
  /** What was tried, in bold; that something could not be loaded unless given. */
  readonly cause?: string;
  readonly onAgain?: () => void;
}

export function Problem({ error, cause, onAgain }: ProblemProps) {
  const say = useWords();
  const known = error instanceof KnownError ? error : undefined;
  const fact = (name: string) => (known?.details[name] === undefined ? undefined : String(known.details[name]));
  const conflict = known?.code === 'resourceModified';
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
        <FaultDetails
          code={known?.code ?? 'generalException'}
          inner={known?.inner}
          requestId={fact('requestId')}
          at={fact('at')}
          message={error.message}
        />
      </Reason>
    </div>
  );
}
