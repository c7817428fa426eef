/** Backup policy: the one switch for everyone, and under it every policy there is. */

import { useNavigate, useRouter } from '@tanstack/react-router';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { useGraph } from '../session.tsx';
import { BackupPolicyView } from './backup-policy-view.tsx';
import { PolicyList } from './policy-list.tsx';
import { addressOf } from './policy-page.tsx';

export function BackupPolicyPage() {
  const graph = useGraph();
  const router = useRouter();
  const navigate = useNavigate();
  const styles = usePageStyles();
  return (
    <div className={styles.stack}>
      <div>
        <BackupPolicyView graph={graph} />
      </div>
      <PolicyList
        graph={graph}
        hrefOf={(place) => router.buildLocation(addressOf(place)).href}
        onOpen={(place) => void navigate(addressOf(place))}
      />
    </div>
  );
}
