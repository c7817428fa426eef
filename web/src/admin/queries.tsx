/**
 * What the admin center knows of the service, kept between its pages.
 *
 * What is known does not flicker away: a failed reading keeps the last one, and nothing is asked again by itself at once.
 * After a change everything counts as old, whatever it was about: a group decides about policies, and these about devices.
 * It is kept for as long as the page is open; so no timer waits to throw it away. Whether the service is reached is told by
 * asking it: a browser without internet may still reach one beside it.
 */

import { MutationCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

export function Queries({ children }: { readonly children: ReactNode }) {
  const [queries] = useState(createQueries);
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}

function createQueries(): QueryClient {
  const client: QueryClient = new QueryClient({
    // Also after one that was refused: somebody else's may be why. What is shown now is left to whoever changed it.
    mutationCache: new MutationCache({ onSettled: () => client.invalidateQueries({ refetchType: 'none' }) }),
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, gcTime: Number.POSITIVE_INFINITY, networkMode: 'always' },
      // The answer to a change, which may hold a one-time password, is forgotten with what showed it.
      mutations: { gcTime: 0, networkMode: 'always' },
    },
  });
  return client;
}
