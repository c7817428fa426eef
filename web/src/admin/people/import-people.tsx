/** People from a CSV file: what is in it and what is wrong with it before it is sent, then their passwords as a file, once. */

import type { PeopleImported } from '@carryover/model/admin';
import { type ImportFault, type ImportFile, importFaultText } from '@carryover/model/people-import';
import { Button, Link } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { CsvField } from '../parts/csv-field.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { faultsOf, importPeople, passwordsCsv, previewOf } from './people-data.ts';

/** People of a file that are shown before it is sent. */
const SHOWN = 5;

interface Read {
  readonly csv: string;
  readonly file: ImportFile;
}

export function ImportPeople({ graph, onClose }: { readonly graph: Graph; readonly onClose: () => void }) {
  const say = useWords();
  const queries = useQueryClient();
  const [read, setRead] = useState<Read>();
  const importing = useMutation({
    mutationFn: (csv: string) => importPeople(graph, csv),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  const take = (csv: string | undefined) => {
    importing.reset();
    setRead(csv === undefined ? undefined : { csv, file: previewOf(csv) });
  };
  if (importing.data !== undefined) return <Imported imported={importing.data} onClose={onClose} />;

  const faults = faultsOf(importing.error) ?? read?.file.faults ?? [];
  const people = read?.file.people ?? [];
  const ready = read !== undefined && faults.length === 0 && people.length > 0;
  return (
    <Modal
      title={say('personList.import')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            appearance="primary"
            disabled={!ready || importing.isPending}
            onClick={() => (read === undefined ? undefined : importing.mutate(read.csv))}
          >
            {ready ? say('personImport.doIt', { n: people.length }) : say('personList.import')}
          </Button>
        </>
      }
    >
      <span>{say('personImport.what')}</span>
      <CsvField onText={take} />
      {read === undefined ? null : <Preview file={{ people, faults }} />}
      {importing.error === null || faults.length > 0 ? null : (
        <Problem error={importing.error} cause={say('page.notDone')} />
      )}
    </Modal>
  );
}

function Preview({ file: { people, faults } }: { readonly file: ImportFile }) {
  const say = useWords();
  const first = people.slice(0, SHOWN);
  return (
    <>
      <strong role="status">{say('personImport.found', { n: people.length })}</strong>
      {faults.length > 0 ? <Faults faults={faults} /> : null}
      {first.length === 0 ? null : (
        <ListTable
          label={say('personImport.first', { n: first.length })}
          columns={[say('personList.name'), say('personList.userName')]}
          rows={first.map(({ line, displayName, userPrincipalName }) => ({
            key: String(line),
            cells: [displayName, userPrincipalName],
          }))}
        />
      )}
    </>
  );
}

function Faults({ faults }: { readonly faults: readonly ImportFault[] }) {
  const say = useWords();
  const { language } = useLanguage();
  return (
    <div role="alert">
      {say('personImport.faults', { n: faults.length })}
      <ul>
        {faults.map((fault) => (
          <li key={JSON.stringify(fault)}>
            {say('personImport.line', { line: fault.line, fault: importFaultText(fault, language) })}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Imported({ imported, onClose }: { readonly imported: PeopleImported; readonly onClose: () => void }) {
  const say = useWords();
  const styles = usePageStyles();
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([passwordsCsv(imported)], { type: 'text/csv' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [imported]);
  const { value } = imported;
  return (
    <Modal
      title={say('personImport.done', { n: value.length })}
      onClose={onClose}
      actions={<Button onClick={onClose}>{say('common.close')}</Button>}
    >
      <p className={styles.plain}>{say('personImport.passwords')}</p>
      <Link href={url} download="carryover-passwords.csv">
        {say('personImport.download')}
      </Link>
    </Modal>
  );
}
