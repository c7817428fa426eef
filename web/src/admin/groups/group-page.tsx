/** One group, named by the address. */

import { useNavigate, useParams } from '@tanstack/react-router';
import { useGraph } from '../session.tsx';
import { GroupView } from './group-view.tsx';

export function GroupPage() {
  const graph = useGraph();
  const navigate = useNavigate();
  const { groupId = '' } = useParams({ strict: false });
  return <GroupView key={groupId} graph={graph} id={groupId} onBack={() => void navigate({ to: '/people/groups' })} />;
}
