/**
 * Registers the PCs of a CSV file, one after the other: the service takes each by itself, so that one it knows already
 * costs the others nothing. What was refused is said with its reason.
 */

import { Button } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { CsvField } from '../parts/csv-field.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { givePcs, type NewPc, registerPc, type SavedProfile } from './autopilot-data.ts';
import { MAX_PCS, type PcFile, pcsFrom } from './pc-file.ts';
import { ProfileSelect } from './profile-select.tsx';

export interface ImportPcsProps {
  readonly graph: Graph;
  readonly profiles: readonly SavedProfile[];
  readonly onClose: () => void;
}

interface Refused {
  readonly serialNumber: string;
  readonly reason: string;
}

interface Imported {
  readonly ids: readonly string[];
  readonly refused: readonly Refused[];
}

export function ImportPcs({ graph, profiles, onClose }: ImportPcsProps) {
  const say = useWords();
  const queries = useQueryClient();
  const [file, setFile] = useState<PcFile>();
  const [profileId, setProfileId] = useState('');
  const [done, setDone] = useState(0);
  const importing = useMutation({
    mutationFn: async (pcs: readonly NewPc[]) => {
      const imported = await registerAll(graph, pcs, setDone);
      if (profileId !== '' && imported.ids.length > 0) await givePcs(graph, profileId, imported.ids);
      return imported;
    },
    // Also when it ended half way.
    onSettled: () => queries.invalidateQueries({ queryKey: ['registeredPcs'] }),
  });
  const take = (csv: string | undefined) => {
    importing.reset();
    setFile(csv === undefined ? undefined : pcsFrom(csv));
  };
  if (importing.data !== undefined) return <Result imported={importing.data} onClose={onClose} />;
  const pcs = file?.kind === 'pcs' ? file.pcs : [];
  return (
    <Modal
      title={say('registeredPcs.import')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            appearance="primary"
            disabled={pcs.length === 0 || importing.isPending}
            onClick={() => importing.mutate(pcs)}
          >
            {pcs.length === 0 ? say('registeredPcs.import') : say('registeredPcs.importNow', { n: pcs.length })}
          </Button>
        </>
      }
    >
      <span>{say('registeredPcs.importWhat')}</span>
      <CsvField onText={take} />
      {file?.kind === 'fault' ? (
        <span role="alert">{say(`registeredPcs.fault.${file.fault}`, { n: MAX_PCS })}</span>
      ) : null}
      <ProfileSelect
        profiles={profiles}
        value={profileId}
        noneIs={say('registeredPcs.byAssignment')}
        onChange={setProfileId}
      />
      <span role="status">{importing.isPending ? say('registeredPcs.importing', { done, n: pcs.length }) : ''}</span>
      {importing.error === null ? null : <Problem error={importing.error} cause={say('page.notDone')} />}
    </Modal>
  );
}

async function registerAll(graph: Graph, pcs: readonly NewPc[], onDone: (count: number) => void): Promise<Imported> {
  const ids: string[] = [];
  const refused: Refused[] = [];
  for (const pc of pcs) {
    try {
      ids.push(await registerPc(graph, pc));
    } catch (error) {
      refused.push({ serialNumber: pc.serialNumber, reason: error instanceof Error ? error.message : String(error) });
    }
    onDone(ids.length + refused.length);
  }
  return { ids, refused };
}

function Result({ imported, onClose }: { readonly imported: Imported; readonly onClose: () => void }) {
  const say = useWords();
  const { ids, refused } = imported;
  return (
    <Modal
      title={say('registeredPcs.imported', { n: ids.length })}
      onClose={onClose}
      actions={
        <Button appearance="primary" onClick={onClose}>
          {say('common.close')}
        </Button>
      }
    >
      {refused.length === 0 ? (
        <span>{say('registeredPcs.noneRefused')}</span>
      ) : (
        <>
          <strong>{say('registeredPcs.refused', { n: refused.length })}</strong>
          <ListTable
            label={say('registeredPcs.refused', { n: refused.length })}
            columns={[say('registeredPcs.serial'), say('registeredPcs.why')]}
            rows={refused.map(({ serialNumber, reason }) => ({ key: serialNumber, cells: [serialNumber, reason] }))}
          />
        </>
      )}
    </Modal>
  );
}
