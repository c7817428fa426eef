/** What something that administrators make is called, and what it is for. */

import { Field, Input, Textarea } from '@fluentui/react-components';
import { useWords } from '../../shared/words/admin-pages.ts';

interface Named {
  readonly name: string;
  readonly description: string;
}

export interface NameFieldsProps {
  readonly draft: Named;
  /** In characters. Default: what the service takes of a policy or profile. */
  readonly longest?: { readonly name: number; readonly description: number };
  readonly disabled: boolean;
  /** What is wrong with the name; null when nothing is. */
  readonly fault?: string | null;
  readonly onChange: (part: Partial<Named>) => void;
}

const LONGEST = { name: 200, description: 1000 };

export function NameFields({ draft, longest = LONGEST, disabled, fault = null, onChange }: NameFieldsProps) {
  const say = useWords();
  return (
    <>
      <Field label={say('policyList.name')} required validationMessage={fault}>
        <Input
          value={draft.name}
          maxLength={longest.name}
          disabled={disabled}
          onChange={(_, { value }) => onChange({ name: value })}
        />
      </Field>
      <Field label={say('policyEditor.description')}>
        <Textarea
          value={draft.description}
          maxLength={longest.description}
          disabled={disabled}
          onChange={(_, { value }) => onChange({ description: value })}
        />
      </Field>
    </>
  );
}
