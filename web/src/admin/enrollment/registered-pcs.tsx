/** The PCs that IT registered before anybody enrolls them: found by serial number or tag, added, given a profile, removed. */

import { Button, Field, SearchBox } from '@fluentui/react-components';
import { type UseQueryResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useId, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { StateText } from '../../shared/state-text.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Question } from '../parts/question.tsx';
import { useMay } from '../parts/roles.ts';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { forgetPc, type RegisteredPc, type SavedProfile } from './autopilot-data.ts';
import { GiveProfile } from './give-profile.tsx';
import { ImportPcs } from './import-pcs.tsx';
import { RegisterPc } from './register-pc.tsx';

/** Rows that come at a time. */
const SHOWN = 50;

export interface RegisteredPcsProps {
  readonly graph: Graph;
  readonly found: UseQueryResult<readonly RegisteredPc[]>;
  readonly profiles: readonly SavedProfile[];
}

type Open = { readonly kind: 'add' | 'import' } | { readonly kind: 'give' | 'remove'; readonly pc: RegisteredPc };

export function RegisteredPcs({ graph, found, profiles }: RegisteredPcsProps) {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const may = useMay(graph)('devices');
  const heading = useRef<HTMLHeadingElement>(null);
  const [open, setOpen] = useState<Open>();
  const [search, setSearch] = useState('');
  const [shown, setShown] = useState(SHOWN);
  const close = () => setOpen(undefined);
  const all = found.data ?? [];
  const matching = all.filter((pc) => matches(pc, search));
  return (
    <section aria-labelledby={id} className={styles.card}>
      <h2 ref={heading} id={id} tabIndex={-1} className={styles.heading}>
        {say('registeredPcs.title')}
      </h2>
      <p className={styles.quiet}>{say('registeredPcs.lead')}</p>
      <div className={styles.tools}>
        <TaskButton task="devices" may={may} onClick={() => setOpen({ kind: 'add' })}>
          {say('registeredPcs.add')}
        </TaskButton>
        <TaskButton task="devices" may={may} quiet onClick={() => setOpen({ kind: 'import' })}>
          {say('registeredPcs.import')}
        </TaskButton>
      </div>
      {found.isPending ? <Waiting rows={3} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isSuccess && all.length === 0 ? <p className={styles.plain}>{say('registeredPcs.none')}</p> : null}
      {all.length === 0 ? null : (
        <>
          <Field label={say('registeredPcs.search')}>
            <SearchBox value={search} maxLength={200} onChange={(_, { value }) => setSearch(value)} />
          </Field>
          <span role="status" className={styles.quiet}>
            {say('registeredPcs.count', { n: matching.length })}
          </span>
          {matching.length === 0 ? null : (
            <PcTable pcs={matching.slice(0, shown)} profiles={profiles} may={may} onOpen={setOpen} />
          )}
          {matching.length > shown ? (
            <div>
              <Button onClick={() => setShown(shown + SHOWN)}>{say('page.showMore')}</Button>
            </div>
          ) : null}
        </>
      )}
      {open?.kind === 'add' ? <RegisterPc graph={graph} profiles={profiles} onClose={close} /> : null}
      {open?.kind === 'import' ? <ImportPcs graph={graph} profiles={profiles} onClose={close} /> : null}
      {open?.kind === 'give' ? <GiveProfile graph={graph} pc={open.pc} profiles={profiles} onClose={close} /> : null}
      {open?.kind === 'remove' ? <ForgetPc graph={graph} pc={open.pc} heading={heading} onClose={close} /> : null}
    </section>
  );
}

function matches({ serialNumber, groupTag }: RegisteredPc, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [serialNumber, groupTag].some((text) => text.toLowerCase().includes(wanted));
}

interface PcTableProps {
  readonly pcs: readonly RegisteredPc[];
  readonly profiles: readonly SavedProfile[];
  readonly may: boolean;
  readonly onOpen: (open: Open) => void;
}

function PcTable({ pcs, profiles, may, onOpen }: PcTableProps) {
  const say = useWords();
  const styles = usePageStyles();
  const nameOf = (pc: RegisteredPc) => pc.serialNumber || say('registeredPcs.byHardware', { id: pc.id.slice(0, 8) });
  const profileOf = ({ carryover }: RegisteredPc) =>
    profiles.find(({ id }) => id === carryover.autopilotProfileId)?.draft.name ?? say('registeredPcs.byAssignment');
  return (
    <ListTable
      label={say('registeredPcs.title')}
      columns={[
        say('registeredPcs.serial'),
        say('registeredPcs.tag'),
        say('autopilot.profile'),
        say('registeredPcs.state'),
        say('personList.actions'),
      ]}
      rows={pcs.map((pc) => {
        const name = nameOf(pc);
        const enrolled = pc.enrollmentState === 'enrolled';
        return {
          key: pc.id,
          cells: [
            <bdi key="serial">{name}</bdi>,
            pc.groupTag,
            profileOf(pc),
            <StateText key="state" state={enrolled ? 'fine' : 'waiting'}>
              {say(enrolled ? 'registeredPcs.enrolled' : 'registeredPcs.notContacted')}
            </StateText>,
            <div key="actions" className={styles.tools}>
              {profiles.length === 0 ? null : (
                <TaskButton
                  task="devices"
                  may={may}
                  small
                  quiet
                  label={say('registeredPcs.giveWhich', { name })}
                  onClick={() => onOpen({ kind: 'give', pc })}
                >
                  {say('registeredPcs.give')}
                </TaskButton>
              )}
              <TaskButton
                task="devices"
                may={may}
                small
                quiet
                label={say('policyEditor.removeWhich', { name })}
                onClick={() => onOpen({ kind: 'remove', pc })}
              >
                {say('policyEditor.remove')}
              </TaskButton>
            </div>,
          ],
        };
      })}
    />
  );
}

interface ForgetPcProps {
  readonly graph: Graph;
  readonly pc: RegisteredPc;
  /** The button that opened this goes with its row. */
  readonly heading: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

function ForgetPc({ graph, pc, heading, onClose }: ForgetPcProps) {
  const say = useWords();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () => forgetPc(graph, pc),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['registeredPcs'] });
      onClose();
    },
  });
  return (
    <Question
      title={say('registeredPcs.removeWhich', { name: pc.serialNumber || pc.id.slice(0, 8) })}
      doIt={say('policyEditor.remove')}
      deed={removal}
      onClose={onClose}
      elseFocus={heading}
    >
      <span>{say('registeredPcs.removeWhat')}</span>
    </Question>
  );
}
