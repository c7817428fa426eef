/** Which Autopilot profile a registered PC gets: one of its own, or what is assigned to it. */

import { Field, Select } from '@fluentui/react-components';
import { useWords } from '../../shared/words/admin-pages.ts';
import type { SavedProfile } from './autopilot-data.ts';

export interface ProfileSelectProps {
  readonly profiles: readonly SavedProfile[];
  /** Empty: as assigned. */
  readonly value: string;
  /** A PC that has one of its own cannot be without again. */
  readonly mustChoose?: boolean;
  readonly onChange: (id: string) => void;
}

export function ProfileSelect({ profiles, value, mustChoose = false, onChange }: ProfileSelectProps) {
  const say = useWords();
  return (
    <Field label={say('autopilot.profile')}>
      <Select value={value} onChange={(_, { value: chosen }) => onChange(chosen)}>
        {mustChoose ? null : <option value="">{say('registeredPcs.byAssignment')}</option>}
        {profiles.map(({ id, draft }) => (
          <option key={id} value={id}>
            {draft.name}
          </option>
        ))}
      </Select>
    </Field>
  );
}
