/** People, with what is looked for in the address. */

import { useNavigate, useSearch } from '@tanstack/react-router';
import { useGraph } from '../session.tsx';
import { PeopleView } from './people-view.tsx';

export function PeoplePage() {
  const navigate = useNavigate();
  const { search } = useSearch({ strict: false });
  return (
    <PeopleView
      graph={useGraph()}
      search={search === '' ? undefined : search}
      onSearch={(wanted) => void navigate({ to: '/people', search: { search: wanted } })}
      onGroups={() => void navigate({ to: '/people/groups' })}
      onRoles={() => void navigate({ to: '/people/roles' })}
    />
  );
}
