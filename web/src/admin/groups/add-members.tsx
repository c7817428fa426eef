/** Puts people and devices into a group: looked for by name, added one after the other. */

import { Button, Field, SearchBox } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { listDevices } from '../devices/devices-data.ts';
import { ListTable } from '../parts/list-table.tsx';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { listPeople } from '../people/people-data.ts';
import { addMember, forgetGroups, type Group, type Member } from './groups-data.ts';

/** As many of each as can be looked through; a longer search finds the others. */
const SHOWN = 10;

interface Candidate {
  readonly id: string;
  readonly name: string;
  readonly kind: 'person' | 'device';
  /** User name of a person, and of who enrolled a device. */
  readonly account: string;
}

export interface AddMembersProps {
  readonly graph: Graph;
  readonly group: Group;
  /** Who is known to be in it. */
  readonly members: readonly Member[];
  readonly onClose: () => void;
}

export function AddMembers({ graph, group, members, onClose }: AddMembersProps) {
  const say = useWords();
  const styles = usePageStyles();
  const queries = useQueryClient();
  const [typed, setTyped] = useState('');
  const [added, setAdded] = useState<readonly string[]>([]);
  const search = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ['candidates', search],
    queryFn: ({ signal }) => findCandidates(graph, search === '' ? undefined : search, signal),
    placeholderData: (before) => before,
  });
  const adding = useMutation({
    mutationFn: ({ id }: Candidate) => addMember(graph, group.id, id),
    onSuccess: async (_, { id }) => {
      setAdded((before) => [...before, id]);
      await forgetGroups(queries);
    },
  });
  const isIn = (id: string) => added.includes(id) || members.some((member) => member.id === id);
  const candidates = found.data ?? [];
  return (
    <Modal
      title={say('groupPage.addTo', { name: group.displayName })}
      onClose={onClose}
      actions={<Button onClick={onClose}>{say('common.close')}</Button>}
    >
      <Field label={say('groupPage.searchMember')}>
        <SearchBox value={typed} maxLength={200} onChange={(_, { value }) => setTyped(value)} />
      </Field>
      {adding.error === null ? null : <Problem error={adding.error} cause={say('page.notDone')} />}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isPending ? <Waiting rows={4} /> : null}
      {found.isSuccess && candidates.length === 0 ? (
        <p className={styles.plain}>{say('groupPage.noCandidate')}</p>
      ) : null}
      {candidates.length === 0 ? null : (
        <ListTable
          label={say('groupPage.candidates')}
          columns={[say('groupList.name'), say('groupPage.what'), say('personList.actions')]}
          rows={candidates.map((candidate) => ({
            key: candidate.id,
            cells: [
              <div key="name">
                <bdi>{candidate.name}</bdi>
                <p className={styles.quiet}>
                  <bdi>{candidate.account}</bdi>
                </p>
              </div>,
              say(candidate.kind === 'person' ? 'groupPage.person' : 'groupPage.device'),
              <Button
                key="add"
                size="small"
                disabledFocusable={isIn(candidate.id) || adding.isPending}
                aria-label={say(isIn(candidate.id) ? 'groupPage.isIn' : 'policyEditor.addWhich', {
                  name: candidate.name,
                })}
                onClick={() => adding.mutate(candidate)}
              >
                {say(isIn(candidate.id) ? 'groupPage.added' : 'policyEditor.addShort')}
              </Button>,
            ],
          }))}
        />
      )}
    </Modal>
  );
}

async function findCandidates(graph: Graph, search: string | undefined, signal: AbortSignal): Promise<Candidate[]> {
  const [people, devices] = await Promise.all([
    listPeople(graph, search, { signal }),
    listDevices(graph, { search }, { signal }),
  ]);
  return [
    ...people.value.slice(0, SHOWN).map(({ id, displayName, userPrincipalName }) => ({
      id,
      name: displayName,
      kind: 'person' as const,
      account: userPrincipalName,
    })),
    ...devices.value.slice(0, SHOWN).map(({ id, deviceName, userPrincipalName }) => ({
      id,
      name: deviceName,
      kind: 'device' as const,
      account: userPrincipalName ?? '',
    })),
  ];
}
