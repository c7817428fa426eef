/** Devices. */

import { PageHead } from '../../shared/page-head.tsx';
import { useWords } from '../../shared/words/admin.ts';

export function DevicesPage() {
  const say = useWords();
  return <PageHead size="admin" title={say('admin.devices')} />;
}
