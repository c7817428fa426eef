/** The rule of a group with examples, in the dialog that makes one and on its page. */

import { MAX_RULE_LENGTH } from '@carryover/model/group-rule';
import { Field, makeStyles, Textarea } from '@fluentui/react-components';
import { useEffect, useRef } from 'react';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import type { RuleFault } from './groups-data.ts';

const useStyles = makeStyles({
  rule: { '& textarea': { fontFamily: tokens.fontFamilyMonospace } },
  examples: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
  code: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: 'anywhere' },
  small: {
    display: 'grid',
    rowGap: tokens.spacingVerticalXS,
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
});

/** What people ask for most. Texts in a rule are no words of ours: they are not translated. */
const EXAMPLES = [
  { words: 'groupRule.department', rule: 'user.department -eq "Finance"' },
  { words: 'groupRule.deviceName', rule: 'device.displayName -startsWith "AUE-KIOSK-"' },
  { words: 'groupRule.both', rule: 'device.deviceOSType -eq "Linux" and not (user.department -in ["IT", "Finance"])' },
] as const;

export interface RuleFieldProps {
  readonly rule: string;
  readonly disabled?: boolean;
  readonly fault: RuleFault | undefined;
  readonly onChange: (rule: string) => void;
}

/** A rule that was refused takes the focus, at the character that is wrong. */
export function RuleField({ rule, disabled = false, fault, onChange }: RuleFieldProps) {
  const say = useWords();
  const styles = useStyles();
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (fault === undefined) return;
    field.current?.focus();
    if (fault.position !== undefined) field.current?.setSelectionRange(fault.position - 1, fault.position - 1);
  }, [fault]);
  return (
    <>
      <Field
        label={say('groupRule.title')}
        required
        hint={say('groupRule.hint')}
        validationMessage={fault?.message ?? null}
      >
        <Textarea
          textarea={{ ref: field }}
          className={styles.rule}
          value={rule}
          maxLength={MAX_RULE_LENGTH}
          rows={3}
          spellCheck={false}
          disabled={disabled}
          onChange={(_, { value }) => onChange(value)}
        />
      </Field>
      <div className={styles.small}>
        {say('groupRule.examples')}
        <ul className={styles.examples}>
          {EXAMPLES.map((example) => (
            <li key={example.rule}>
              {say(example.words)} <code className={styles.code}>{example.rule}</code>
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}
