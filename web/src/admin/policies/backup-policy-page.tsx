/** Backup policy. */

import { useGraph } from '../session.tsx';
import { BackupPolicyView } from './backup-policy-view.tsx';

export function BackupPolicyPage() {
  return <BackupPolicyView graph={useGraph()} />;
}
