/** Chooses a CSV file and reads it, and says so when it cannot be read. */

import { useId, useState } from 'react';
import { useWords } from '../../shared/words/admin-pages.ts';
import { csvTextFrom } from './csv-text.ts';

export interface CsvFieldProps {
  /** The file's text; undefined while another is read, and when none is chosen. What it throws makes the file unreadable. */
  readonly onText: (text: string | undefined) => void;
}

export function CsvField({ onText }: CsvFieldProps) {
  const say = useWords();
  const id = useId();
  const [isUnreadable, setUnreadable] = useState(false);
  const choose = async (file: File | undefined) => {
    setUnreadable(false);
    onText(undefined);
    if (file === undefined) return;
    try {
      onText(csvTextFrom(new Uint8Array(await file.arrayBuffer())));
    } catch {
      setUnreadable(true);
    }
  };
  return (
    <>
      <label htmlFor={id}>{say('personImport.file')}</label>
      <input
        id={id}
        type="file"
        accept=".csv,text/csv"
        style={{ maxWidth: '100%' }}
        onChange={({ target }) => void choose(target.files?.[0])}
      />
      {isUnreadable ? <span role="alert">{say('personImport.unreadable')}</span> : null}
    </>
  );
}
