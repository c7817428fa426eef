/** What devices are looked for: a search box and three choices, each kept in the address by whoever shows them. */

import { COVERAGE } from '@carryover/model/admin';
import { Button, Field, SearchBox, Select } from '@fluentui/react-components';
import { useState } from 'react';
import { useWords } from '../../shared/words/admin-pages.ts';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { COVERAGE_WORDS } from './device-words.ts';
import { type DevicesAsked, JOIN_TYPES, SYSTEMS } from './devices-data.ts';

export interface DeviceFiltersProps {
  readonly asked: DevicesAsked;
  readonly onAsk: (asked: DevicesAsked) => void;
}

export function DeviceFilters({ asked, onAsk }: DeviceFiltersProps) {
  const say = useWords();
  const styles = usePageStyles();
  const [typed, setTyped] = useState(asked.search ?? '');
  const choose = (change: DevicesAsked) => onAsk({ ...asked, ...change, device: undefined });
  const find = (search: string) => choose({ search: search.trim() === '' ? undefined : search.trim() });
  return (
    <search>
      <form
        className={styles.tools}
        onSubmit={(event) => {
          event.preventDefault();
          find(typed);
        }}
      >
        <Field label={say('deviceList.search')}>
          <SearchBox
            value={typed}
            maxLength={200}
            onChange={(_, { value }) => {
              setTyped(value);
              if (value === '') find('');
            }}
          />
        </Field>
        <Button type="submit">{say('deviceList.find')}</Button>
        <Choice
          label={say('deviceList.state')}
          value={asked.state}
          options={COVERAGE.map((value) => ({ value, text: say(COVERAGE_WORDS[value].name) }))}
          onChoose={(state) => choose({ state })}
        />
        <Choice
          label={say('deviceList.system')}
          value={asked.system}
          options={SYSTEMS.map((value) => ({ value, text: value }))}
          onChoose={(system) => choose({ system })}
        />
        <Choice
          label={say('deviceList.join')}
          value={asked.join}
          options={JOIN_TYPES.map((value) => ({ value, text: say(`deviceList.join.${value}`) }))}
          onChoose={(join) => choose({ join })}
        />
      </form>
    </search>
  );
}

interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly { readonly value: Value; readonly text: string }[];
  readonly onChoose: (value: Value | undefined) => void;
}

function Choice<Value extends string>({ label, value, options, onChoose }: ChoiceProps<Value>) {
  const say = useWords();
  return (
    <Field label={label}>
      <Select
        value={value ?? ''}
        onChange={(_, chosen) => onChoose(options.find((option) => option.value === chosen.value)?.value)}
      >
        <option value="">{say('deviceList.any')}</option>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </Select>
    </Field>
  );
}
