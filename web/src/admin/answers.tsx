/** The answers of the service that the pages of the admin center share. */

import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';

export function Answers({ children }: { readonly children: ReactNode }) {
  const [queries] = useState(createQueries);
  return <QueryClientProvider client={queries}>{children}</QueryClientProvider>;
}

/**
 * What is known does not flicker away: a failed reading keeps the last one, and nothing is asked again by itself at once.
 * Whether the service is reached is told by asking it: a browser without internet may still reach one beside it.
 */
function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, gcTime: Number.POSITIVE_INFINITY, networkMode: 'always' },
      mutations: { networkMode: 'always' },
    },
  });
}
