/** The first-run guide. */

import { PageHead } from '../../shared/page-head.tsx';
import { useWords } from '../../shared/words/admin.ts';

export function GuidePage() {
  const say = useWords();
  return <PageHead size="admin" title={say('guide.title')} />;
}
