/** What stands around every page of the admin center. */

import { Outlet } from '@tanstack/react-router';
import { PageHead } from '../../shared/page-head.tsx';
import { useWords } from '../../shared/words/admin.ts';

export function Shell() {
  return (
    <main>
      <Outlet />
    </main>
  );
}

export function NothingHere() {
  const say = useWords();
  return <PageHead size="admin" title={say('admin.nothingHere')} lead={say('admin.nothingHereLead')} />;
}
