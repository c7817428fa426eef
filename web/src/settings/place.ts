/** Which page of the settings window is open: kept in the address, so that Back works and a page can be linked. */

import { useSyncExternalStore } from 'react';

const PLACES = ['backup', 'restore', 'history'] as const;
export type Place = (typeof PLACES)[number];

/** The page a fragment like "#history" names; the first one for anything else. */
function placeFrom(fragment: string): Place {
  return PLACES.find((place) => fragment === `#${place}`) ?? 'backup';
}

export function usePlace(): Place {
  return useSyncExternalStore(onChange, () => placeFrom(window.location.hash));
}

function onChange(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}
