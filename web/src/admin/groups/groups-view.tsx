/** The groups of the organization: what each is, how many are in it, and the way into it. */

import { Link } from '@fluentui/react-components';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { EmptyList } from '../parts/empty-list.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { SearchForm } from '../parts/search-form.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { CreateGroup } from './create-group.tsx';
import { aboutOf, type Group, listGroups, listMembers } from './groups-data.ts';

export interface GroupsViewProps {
  readonly graph: Graph;
  /** What the address asks for. */
  readonly search: string | undefined;
  readonly onSearch: (search: string | undefined) => void;
  readonly hrefOf: (id: string) => string;
  readonly onOpen: (id: string) => void;
}

export function GroupsView({ graph, search, onSearch, hrefOf, onOpen }: GroupsViewProps) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph)('groups');
  const [isCreating, setCreating] = useState(false);
  const found = useInfiniteQuery({
    queryKey: ['groupList', search],
    queryFn: ({ pageParam, signal }) => listGroups(graph, search, { nextLink: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextLink }) => nextLink,
  });
  const groups = found.data?.pages.flatMap(({ value }) => value) ?? [];
  return (
    <>
      <PageHead
        size="admin"
        title={say('groupList.title')}
        lead={say('groupList.lead')}
        actions={
          <TaskButton task="groups" may={may} primary onClick={() => setCreating(true)}>
            {say('groupList.create')}
          </TaskButton>
        }
      />
      <div className={styles.stack}>
        <SearchForm key={search ?? ''} label={say('groupList.search')} search={search} onSearch={onSearch} />
        {found.isPending ? <Waiting rows={8} /> : null}
        {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
        {found.isSuccess && groups.length === 0 ? (
          <EmptyList
            title={search === undefined ? say('groupList.none') : say('groupList.noMatch', { search })}
            next={say('groupList.noneWhy')}
            search={search}
            onSearch={onSearch}
          />
        ) : null}
        {groups.length === 0 ? null : (
          <ListTable
            label={say('groupList.title')}
            columns={[say('groupList.name'), say('groupList.kind'), say('groupList.members')]}
            rows={groups.map((group) => ({
              key: group.id,
              cells: [
                <GroupLink key="name" group={group} href={hrefOf(group.id)} onOpen={onOpen} />,
                say(kindOf(group)),
                <GroupSize key="size" graph={graph} id={group.id} />,
              ],
            }))}
          />
        )}
        <ShowMore list={found} />
      </div>
      {isCreating ? <CreateGroup graph={graph} onClose={() => setCreating(false)} onMade={onOpen} /> : null}
    </>
  );
}

/** The name of the sentence that says of which kind a group is. */
function kindOf({ membershipRule }: Group) {
  if (membershipRule === null) return 'groupList.assigned';
  const about = aboutOf(membershipRule);
  return about === undefined ? 'groupList.byRule' : (`groupList.byRule.${about}` as const);
}

interface GroupLinkProps {
  readonly group: Group;
  readonly href: string;
  readonly onOpen: (id: string) => void;
}

function GroupLink({ group, href, onOpen }: GroupLinkProps) {
  const styles = usePageStyles();
  return (
    <>
      <Link
        href={href}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          onOpen(group.id);
        }}
      >
        {group.displayName}
      </Link>
      {group.description === null ? null : <p className={styles.quiet}>{group.description}</p>}
    </>
  );
}

/** As many as one page of the service holds are counted; beyond it only that there are more. */
function GroupSize({ graph, id }: { readonly graph: Graph; readonly id: string }) {
  const say = useWords();
  const { data, error } = useQuery({
    queryKey: ['groupSize', id],
    queryFn: async ({ signal }) => {
      const { value, nextLink } = await listMembers(graph, id, { signal });
      return { n: value.length, hasMore: nextLink !== undefined };
    },
  });
  if (error !== null) return say('groupList.unknownSize');
  if (data === undefined) return '';
  return data.hasMore ? say('groupList.moreThan', { n: data.n }) : say('groupList.size', { n: data.n });
}
