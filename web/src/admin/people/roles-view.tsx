/** Who holds which role: every role with its people, given in a dialog and taken after a question. */

import type { PersonName } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Question } from '../parts/question.tsx';
import { useMay } from '../parts/roles.ts';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { GiveRole } from './give-role.tsx';
import { listHeldRoles, type RoleName, takeRole } from './roles-data.ts';

interface Held {
  readonly role: RoleName;
  readonly person: PersonName;
}

export function RolesView({ graph }: { readonly graph: Graph }) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph)('roles');
  const place = useRef<HTMLDivElement>(null);
  const [isGiving, setGiving] = useState(false);
  const [taken, setTaken] = useState<Held>();
  const found = useQuery({ queryKey: ['heldRoles'], queryFn: ({ signal }) => listHeldRoles(graph, signal) });
  const roles = found.data ?? [];
  return (
    <>
      <PageHead
        size="admin"
        title={say('roleList.title')}
        lead={say('roleList.lead')}
        actions={
          <TaskButton
            task="roles"
            may={may}
            primary
            disabled={!found.isSuccess}
            onClick={() => setGiving(found.isSuccess)}
          >
            {say('roleList.give')}
          </TaskButton>
        }
      />
      <div ref={place} tabIndex={-1} className={styles.stack}>
        {found.isPending ? <Waiting rows={10} /> : null}
        {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
        {roles.length === 0 ? null : (
          <ListTable
            label={say('roleList.title')}
            columns={[say('roleList.role'), say('roleList.heldBy')]}
            rows={roles.map((role) => ({
              key: role.id,
              cells: [
                role.displayName,
                <Holders
                  key="holders"
                  role={role}
                  holders={role.holders}
                  may={may}
                  onTake={(person) => setTaken({ role, person })}
                />,
              ],
            }))}
          />
        )}
      </div>
      {isGiving ? <GiveRole graph={graph} roles={roles} onClose={() => setGiving(false)} /> : null}
      {taken === undefined ? null : (
        <TakeRole graph={graph} held={taken} elseFocus={place} onClose={() => setTaken(undefined)} />
      )}
    </>
  );
}

interface HoldersProps {
  readonly role: RoleName;
  readonly holders: readonly PersonName[];
  readonly may: boolean;
  readonly onTake: (person: PersonName) => void;
}

function Holders({ role, holders, may, onTake }: HoldersProps) {
  const say = useWords();
  const styles = usePageStyles();
  if (holders.length === 0) return <span className={styles.quiet}>{say('roleList.nobody')}</span>;
  return holders.map((person) => (
    <div key={person.id} className={styles.tools}>
      <span>
        {person.displayName}, <bdi>{person.userPrincipalName}</bdi>
      </span>
      <TaskButton
        task="roles"
        may={may}
        small
        quiet
        label={say('roleList.takeTitle', { role: role.displayName, name: person.displayName })}
        onClick={() => onTake(person)}
      >
        {say('roleList.take')}
      </TaskButton>
    </div>
  ));
}

interface TakeRoleProps {
  readonly graph: Graph;
  readonly held: Held;
  readonly elseFocus: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

function TakeRole({ graph, held, elseFocus, onClose }: TakeRoleProps) {
  const say = useWords();
  const queries = useQueryClient();
  const names = { role: held.role.displayName, name: held.person.displayName };
  const taking = useMutation({
    mutationFn: () => takeRole(graph, held.role.id, held.person.id),
    onSuccess: async () => {
      // The row's button goes with the answer; the dialog closes after it, so that the focus has a place to go.
      await queries.invalidateQueries({ queryKey: ['heldRoles'] });
      await queries.invalidateQueries({ queryKey: ['ownRoles'] });
      onClose();
    },
  });
  return (
    <Question
      title={say('roleList.takeAsk', names)}
      doIt={say('roleList.takeNow')}
      deed={taking}
      cause={(error) => say(isLast(error) ? 'roleList.last' : 'page.notDone')}
      onClose={onClose}
      elseFocus={elseFocus}
    >
      <span>{say('roleList.takeWhat', names)}</span>
    </Question>
  );
}

function isLast(error: Error): boolean {
  return error instanceof KnownError && error.inner === 'lastGlobalAdministrator';
}
