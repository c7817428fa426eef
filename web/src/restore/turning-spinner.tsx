/** Fluent's spinner in the size of a check's sign; apart, because it is seen only where something takes long. */

import { Spinner } from '@fluentui/react-components';

export function TurningSpinner() {
  return <Spinner size="tiny" aria-hidden />;
}
