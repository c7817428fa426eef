/** Roles, under People. */

import { useGraph } from '../session.tsx';
import { RolesView } from './roles-view.tsx';

export function RolesPage() {
  return <RolesView graph={useGraph()} />;
}
