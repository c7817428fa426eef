/** Looks for something by a text that stands in the address of the page: asked when it is sent, and cleared at once. */

import { Button, Field, SearchBox } from '@fluentui/react-components';
import { useState } from 'react';
import { useWords } from '../../shared/words/admin-pages.ts';
import { usePageStyles } from './use-page-styles.ts';

export interface SearchFormProps {
  /** What is looked for, e.g. "Name or user name". */
  readonly label: string;
  /** What the address asks for; give the form a `key` that changes with it. */
  readonly search: string | undefined;
  readonly onSearch: (search: string | undefined) => void;
}

export function SearchForm({ label, search, onSearch }: SearchFormProps) {
  const say = useWords();
  const styles = usePageStyles();
  const [typed, setTyped] = useState(search ?? '');
  return (
    <search>
      <form
        className={styles.tools}
        onSubmit={(event) => {
          event.preventDefault();
          onSearch(typed.trim() === '' ? undefined : typed.trim());
        }}
      >
        <Field label={label}>
          <SearchBox
            value={typed}
            maxLength={200}
            onChange={(_, { value }) => {
              setTyped(value);
              if (value === '') onSearch(undefined);
            }}
          />
        </Field>
        <Button type="submit">{say('deviceList.find')}</Button>
      </form>
    </search>
  );
}
