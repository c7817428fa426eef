/** What the person's system wishes of a page: dark or light, forced colours. Followed while the page is open. */

import { useSyncExternalStore } from 'react';
import type { Wishes } from './theme.ts';

const DARK = '(prefers-color-scheme: dark)';
const FORCED_COLORS = '(forced-colors: active)';

export function useWishes(): Wishes {
  return { dark: useMedia(DARK), forcedColors: useMedia(FORCED_COLORS) };
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query);
      media.addEventListener('change', changed);
      return () => media.removeEventListener('change', changed);
    },
    () => window.matchMedia(query).matches,
  );
}
