/** The details of a failed request for IT: what Graph said of it, or that this page broke. */

import { KnownError } from '@carryover/model/errors';
import { FaultDetails } from '../../shared/fault-details.tsx';

export function ErrorDetails({ error }: { readonly error: Error }) {
  const known = error instanceof KnownError ? error : undefined;
  const fact = (name: string) => (known?.details[name] === undefined ? undefined : String(known.details[name]));
  return (
    <FaultDetails
      code={known?.code ?? 'pageBroken'}
      inner={known?.inner}
      requestId={fact('requestId')}
      at={fact('at')}
      message={error.message}
    />
  );
}
