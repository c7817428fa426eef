/** Which Autopilot profile a PC gets: one that is named here, or none of its own. */

import { Field, Select } from '@fluentui/react-components';
import { useWords } from '../../shared/words/admin-pages.ts';
import type { SavedProfile } from './autopilot-data.ts';

export interface ProfileSelectProps {
  readonly profiles: readonly SavedProfile[];
  /** Empty: none. */
  readonly value: string;
  /** What having none of its own is called; without it one must be chosen: a PC that has one cannot be without again. */
  readonly noneIs?: string;
  readonly onChange: (id: string) => void;
}

export function ProfileSelect({ profiles, value, noneIs, onChange }: ProfileSelectProps) {
  const say = useWords();
  return (
    <Field label={say('autopilot.profile')}>
      <Select value={value} onChange={(_, { value: chosen }) => onChange(chosen)}>
        {noneIs === undefined ? null : <option value="">{noneIs}</option>}
        {profiles.map(({ id, draft }) => (
          <option key={id} value={id}>
            {draft.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
