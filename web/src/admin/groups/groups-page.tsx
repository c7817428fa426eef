/** Groups, under People, with what is looked for in the address. */

import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useGraph } from '../session.tsx';
import { GroupsView } from './groups-view.tsx';

export function GroupsPage() {
  const router = useRouter();
  const navigate = useNavigate();
  const { search } = useSearch({ strict: false });
  return (
    <GroupsView
      graph={useGraph()}
      search={search === '' ? undefined : search}
      onSearch={(wanted) => void navigate({ to: '/people/groups', search: { search: wanted } })}
      hrefOf={(id) => router.buildLocation(addressOf(id)).href}
      onOpen={(id) => void navigate(addressOf(id))}
    />
  );
}

function addressOf(groupId: string) {
  return { to: '/people/groups/$groupId', params: { groupId } } as const;
}
