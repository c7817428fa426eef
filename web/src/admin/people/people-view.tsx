/** The people of the organization: a list to search, and what an administrator does with an account. */

import type { GraphUser } from '@carryover/model/admin';
import { Button } from '@fluentui/react-components';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { StateText } from '../../shared/state-text.tsx';
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
import { AddPerson } from './add-person.tsx';
import { ChangePerson } from './change-person.tsx';
import { ImportPeople } from './import-people.tsx';
import { enablePerson, listPeople } from './people-data.ts';

export interface PeopleViewProps {
  readonly graph: Graph;
  /** What the address asks for. */
  readonly search: string | undefined;
  readonly onSearch: (search: string | undefined) => void;
  readonly onRoles: () => void;
  readonly onGroups: () => void;
}

type Open =
  | { readonly kind: 'add' | 'import' }
  | { readonly kind: 'disable' | 'reset'; readonly person: GraphUser }
  | undefined;

export function PeopleView({ graph, search, onSearch, onRoles, onGroups }: PeopleViewProps) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph);
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const found = useInfiniteQuery({
    queryKey: ['people', search],
    queryFn: ({ pageParam, signal }) => listPeople(graph, search, { nextLink: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextLink }) => nextLink,
  });
  const people = found.data?.pages.flatMap(({ value }) => value) ?? [];
  const mayAdd = may('people');
  return (
    <>
      <PageHead
        size="admin"
        title={say('personList.title')}
        lead={say('personList.lead')}
        actions={
          <div className={styles.tools}>
            <Button onClick={onGroups}>{say('groupList.title')}</Button>
            <Button onClick={onRoles}>{say('roleList.title')}</Button>
            <TaskButton task="people" may={mayAdd} quiet onClick={() => setOpen({ kind: 'import' })}>
              {say('personList.import')}
            </TaskButton>
            <TaskButton task="people" may={mayAdd} primary onClick={() => setOpen({ kind: 'add' })}>
              {say('personList.add')}
            </TaskButton>
          </div>
        }
      />
      <div className={styles.stack}>
        <SearchForm key={search ?? ''} label={say('personList.search')} search={search} onSearch={onSearch} />
        {found.isPending ? <Waiting rows={12} /> : null}
        {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
        {found.isSuccess && people.length === 0 ? (
          <EmptyList
            title={search === undefined ? say('personList.none') : say('personList.noMatch', { search })}
            next={say('personList.noneNext')}
            search={search}
            onSearch={onSearch}
          />
        ) : null}
        {people.length === 0 ? null : <PeopleTable graph={graph} people={people} may={may} onOpen={setOpen} />}
        <ShowMore list={found} />
      </div>
      {open?.kind === 'add' ? <AddPerson graph={graph} onClose={close} /> : null}
      {open?.kind === 'import' ? <ImportPeople graph={graph} onClose={close} /> : null}
      {open?.kind === 'disable' || open?.kind === 'reset' ? (
        <ChangePerson graph={graph} change={open.kind} person={open.person} onClose={close} />
      ) : null}
    </>
  );
}

interface PeopleTableProps {
  readonly graph: Graph;
  readonly people: readonly GraphUser[];
  readonly may: ReturnType<typeof useMay>;
  readonly onOpen: (open: Open) => void;
}

function PeopleTable({ graph, people, may, onOpen }: PeopleTableProps) {
  const say = useWords();
  const styles = usePageStyles();
  const queries = useQueryClient();
  const enabling = useMutation({
    mutationFn: (id: string) => enablePerson(graph, id, true),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  return (
    <>
      {enabling.error === null ? null : <Problem error={enabling.error} cause={say('page.notDone')} />}
      <ListTable
        label={say('personList.title')}
        columns={[
          say('personList.name'),
          say('personList.userName'),
          say('personList.account'),
          say('personList.actions'),
        ]}
        rows={people.map((person) => {
          const { id, displayName: name, userPrincipalName, accountEnabled } = person;
          return {
            key: id,
            cells: [
              name,
              userPrincipalName,
              <StateText key="account" state={accountEnabled ? 'fine' : 'off'}>
                {say(accountEnabled ? 'personList.enabled' : 'personList.disabled')}
              </StateText>,
              <div key="actions" className={styles.tools}>
                <TaskButton
                  task="passwords"
                  may={may('passwords')}
                  small
                  quiet={may('people')}
                  label={say('personList.reset', { name })}
                  onClick={() => onOpen({ kind: 'reset', person })}
                >
                  {say('personList.resetShort')}
                </TaskButton>
                <TaskButton
                  task="people"
                  may={may('people')}
                  small
                  quiet
                  label={say(accountEnabled ? 'personList.disable' : 'personList.enable', { name })}
                  onClick={() => (accountEnabled ? onOpen({ kind: 'disable', person }) : enabling.mutate(id))}
                >
                  {say(accountEnabled ? 'personList.disableShort' : 'personList.enableShort')}
                </TaskButton>
              </div>,
            ],
          };
        })}
      />
    </>
  );
}
