/** The admin center: from opening the page to the page that the address names. */

import { useQuery } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { useState } from 'react';
import { createAdminRouter } from './routes.tsx';
import { type Session, SessionProvider } from './session.tsx';
import { NoOrganization, Opening, OpeningFailed, SignIn, WhichOrganization } from './signin/entrance.tsx';
import { openSession } from './signin/opening.ts';

export function AdminPage() {
  const [over, setOver] = useState(false);
  const opening = useQuery({
    queryKey: ['opening'],
    queryFn: () => openSession(new URL(window.location.href), () => setOver(true)),
    // A session is opened once; it renews itself.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  });
  const { data, error } = opening;
  if (error !== null) return <OpeningFailed error={error} onAgain={() => window.location.reload()} />;
  if (data === undefined || data.kind === 'leaving') return <Opening />;
  if (data.kind === 'noOrganization') return <NoOrganization />;
  if (data.kind === 'whichOrganization') return <WhichOrganization returnTo={data.returnTo} />;
  if (data.kind === 'signIn') return <SignIn place={data.place} returnTo={data.returnTo} />;
  return <SignedIn session={{ ...data.session, over }} />;
}

function SignedIn({ session }: { readonly session: Session }) {
  const [router] = useState(createAdminRouter);
  return (
    <SessionProvider session={session}>
      <RouterProvider router={router} />
    </SessionProvider>
  );
}
