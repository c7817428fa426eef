/** People. */

import { PageHead } from '../../shared/page-head.tsx';
import { useWords } from '../../shared/words/admin.ts';

export function PeoplePage() {
  const say = useWords();
  return <PageHead size="admin" title={say('admin.people')} />;
}
