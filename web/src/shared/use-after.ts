/** Time that has passed since a component appeared: for what is shown only when something takes long. */

import { useEffect, useState } from 'react';

/** False at first, true once `delayMs` have passed. */
export function useAfter(delayMs: number): boolean {
  const [passed, setPassed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setPassed(true), delayMs);
    return () => clearTimeout(timer);
  }, [delayMs]);
  return passed;
}
