/** A change tried on one device before it is saved: what holds there now, and what would. */

import type { ManagedDevice } from '@carryover/model/admin';
import type { PolicyPreview } from '@carryover/model/policy-preview';
import { memberTitle, valueWords } from '@carryover/model/policy-words';
import { Field, SearchBox, Select } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';

/** As many as a list to choose from can show; a search finds the others. */
const SHOWN = 50;

export interface TryOnDeviceProps {
  readonly graph: Graph;
  readonly deviceId: string | undefined;
  readonly onChoose: (deviceId: string | undefined) => void;
  /** Of the device that is chosen, once it is worked out. */
  readonly result: PolicyPreview['onDevice'];
}

export function TryOnDevice({ graph, deviceId, onChoose, result }: TryOnDeviceProps) {
  const say = useWords();
  const styles = usePageStyles();
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed.replaceAll('"', ' ').trim());
  const found = useQuery({
    queryKey: ['devicesToTry', search],
    queryFn: ({ signal }) =>
      graph.page<ManagedDevice>('/v1.0/deviceManagement/managedDevices', {
        query: search === '' ? {} : { $search: `"${search}"` },
        signal,
      }),
    placeholderData: (before) => before,
  });
  return (
    <div className={styles.stack}>
      <Field label={say('policyTry.search')}>
        <SearchBox value={typed} maxLength={200} onChange={(_, { value }) => setTyped(value)} />
      </Field>
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      <Field label={say('policyTry.title')}>
        <Select value={deviceId ?? ''} onChange={(_, { value }) => onChoose(value === '' ? undefined : value)}>
          <option value="">{say('policyTry.none')}</option>
          {(found.data?.value ?? []).slice(0, SHOWN).map(({ id, deviceName, userDisplayName }) => (
            <option key={id} value={id}>
              {userDisplayName === null ? deviceName : `${deviceName}, ${userDisplayName}`}
            </option>
          ))}
        </Select>
      </Field>
      <div aria-live="polite">{result === null ? null : <OnDevice result={result} />}</div>
    </div>
  );
}

function OnDevice({ result }: { readonly result: NonNullable<PolicyPreview['onDevice']> }) {
  const say = useWords();
  const styles = usePageStyles();
  const { language } = useLanguage();
  const { deviceName, changes } = result;
  if (changes.length === 0) return <p className={styles.plain}>{say('policyTry.nothing', { name: deviceName })}</p>;
  return (
    <ListTable
      label={deviceName}
      columns={[deviceName, say('policyTry.now'), say('policyTry.after')]}
      rows={changes.map(({ member, from, to }) => ({
        key: member,
        cells: [memberTitle(member, language), valueWords(member, from, language), valueWords(member, to, language)],
      }))}
    />
  );
}
