/** The settings of a document by shelf: those that are configured, with what they say, and a search for more. */

import {
  LIMIT_VALUES,
  POLICIES,
  POLICY_CATEGORIES,
  POLICY_CATEGORY_TITLES,
  type PolicyDefinition,
  type PolicyValue,
} from '@carryover/model/policy-definitions';
import { Badge, Button, Field, Input, makeStyles, SearchBox, Select, Textarea } from '@fluentui/react-components';
import { useId, useState } from 'react';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { type Draft, same } from './draft.ts';

const useStyles = makeStyles({
  row: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingVerticalS,
    margin: 0,
    minWidth: 0,
    padding: `${tokens.spacingVerticalM} 0`,
    border: 'none',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  words: { minWidth: 0 },
  name: { display: 'flex', flexWrap: 'wrap', columnGap: tokens.spacingHorizontalS, alignItems: 'baseline' },
  small: {
    margin: 0,
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
  },
  found: { listStyleType: 'none', margin: 0, padding: 0 },
});

export interface SettingListProps {
  readonly before: Draft;
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly onChange: (values: Draft['values']) => void;
}

export function SettingList({ before, draft, disabled, onChange }: SettingListProps) {
  const say = useWords();
  const page = usePageStyles();
  const { language } = useLanguage();
  const { values } = draft;
  const set = (name: string, value: PolicyValue) => onChange({ ...values, [name]: value });
  const remove = (name: string) => onChange(Object.fromEntries(Object.entries(values).filter(([one]) => one !== name)));
  return (
    <>
      {POLICY_CATEGORIES.map((category) => {
        const own = POLICIES.filter((policy) => policy.category === category && values[policy.name] !== undefined);
        if (own.length === 0) return null;
        const { title, path } = POLICY_CATEGORY_TITLES[category];
        return (
          <section key={category} aria-label={title[language]} className={page.card}>
            <div>
              <h3 className={page.heading}>{title[language]}</h3>
              <p className={page.quiet}>{path.replaceAll('\\', ', ')}</p>
            </div>
            {own.map((policy) => (
              <SettingRow
                key={policy.name}
                policy={policy}
                value={values[policy.name] as PolicyValue}
                changed={!same(before.values[policy.name], values[policy.name])}
                disabled={disabled}
                onChange={(value) => set(policy.name, value)}
                onRemove={() => remove(policy.name)}
              />
            ))}
          </section>
        );
      })}
      {Object.keys(values).length === 0 ? <p className={page.quiet}>{say('policyEditor.noSettings')}</p> : null}
      {disabled ? null : (
        <AddSetting values={values} onAdd={(policy) => set(policy.name, FIRST_VALUES[policy.kind](policy))} />
      )}
    </>
  );
}

/** What a setting says when it is added: the reason why somebody adds it. */
const FIRST_VALUES: Readonly<Record<PolicyDefinition['kind'], (policy: PolicyDefinition) => PolicyValue>> = {
  switch: ({ category }) => category !== 'windows',
  limit: () => 'locked',
  number: ({ range, name }) =>
    ({ BackupIntervalDays: 8, BackupSpreadHours: 24, KeptSnapshots: 12, StaleAfterDays: 30 })[name] ?? range?.from ?? 1,
  list: () => [],
};

interface SettingRowProps {
  readonly policy: PolicyDefinition;
  readonly value: PolicyValue;
  readonly changed: boolean;
  readonly disabled: boolean;
  readonly onChange: (value: PolicyValue) => void;
  readonly onRemove: () => void;
}

function SettingRow({ policy, value, changed, disabled, onChange, onRemove }: SettingRowProps) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const { language } = useLanguage();
  const title = policy.title[language];
  return (
    <fieldset aria-label={title} className={styles.row}>
      <div className={styles.words}>
        <div className={styles.name}>
          <strong>{title}</strong>
          {changed ? <Badge appearance="tint">{say('policyEditor.changed')}</Badge> : null}
        </div>
        <p className={styles.small}>{policy.explanation[language]}</p>
      </div>
      <div className={page.tools}>
        <SettingValue policy={policy} value={value} disabled={disabled} onChange={onChange} />
        <Button
          size="small"
          disabled={disabled}
          aria-label={say('policyEditor.removeWhich', { name: title })}
          onClick={onRemove}
        >
          {say('policyEditor.remove')}
        </Button>
      </div>
    </fieldset>
  );
}

type ValueProps = Pick<SettingRowProps, 'policy' | 'value' | 'disabled' | 'onChange'>;

function SettingValue({ policy, value, disabled, onChange }: ValueProps) {
  const say = useWords();
  const { range } = policy;
  switch (policy.kind) {
    case 'switch':
      return (
        <Field label={say('policyEditor.state')}>
          <Select
            value={value === true ? 'on' : 'off'}
            disabled={disabled}
            onChange={(_, { value: picked }) => onChange(picked === 'on')}
          >
            <option value="on">{say('policyEditor.enabled')}</option>
            <option value="off">{say('policyEditor.disabled')}</option>
          </Select>
        </Field>
      );
    case 'limit':
      return (
        <Field label={say('policyEditor.state')}>
          <Select
            value={String(value)}
            disabled={disabled}
            onChange={(_, { value: picked }) => onChange(LIMIT_VALUES.find((known) => known === picked) ?? 'locked')}
          >
            {LIMIT_VALUES.map((known) => (
              <option key={known} value={known}>
                {say(`policyEditor.limit.${known}`)}
              </option>
            ))}
          </Select>
        </Field>
      );
    case 'number':
      return (
        <Field label={say(`policyEditor.unit.${range?.unit ?? 'days'}`)}>
          <Input
            type="number"
            min={range?.from}
            max={range?.to}
            value={String(value)}
            disabled={disabled}
            onChange={(_, { value: typed }) => onChange(Number(typed))}
          />
        </Field>
      );
    case 'list':
      return (
        <Field label={say('policyEditor.addresses')}>
          <Textarea
            value={(value as readonly string[]).join('\n')}
            disabled={disabled}
            onChange={(_, { value: typed }) => onChange(typed.split('\n'))}
          />
        </Field>
      );
  }
}

function AddSetting({
  values,
  onAdd,
}: {
  readonly values: Draft['values'];
  readonly onAdd: (policy: PolicyDefinition) => void;
}) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const { language } = useLanguage();
  const id = useId();
  const [typed, setTyped] = useState('');
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = POLICIES.filter((policy) => values[policy.name] === undefined).filter((policy) => {
    const text = [policy.name, policy.definitionId, policy.title.en, policy.title.de, policy.explanation[language]]
      .join(' ')
      .toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return (
    <section aria-labelledby={id} className={page.card}>
      <h3 id={id} className={page.heading}>
        {say('policyEditor.add')}
      </h3>
      <Field label={say('policyEditor.search')}>
        <SearchBox value={typed} maxLength={200} onChange={(_, { value }) => setTyped(value)} />
      </Field>
      <p className={page.quiet} aria-live="polite">
        {say(words.length === 0 ? 'policyEditor.more' : 'policyEditor.found', { n: found.length })}
      </p>
      <ul className={styles.found}>
        {(words.length === 0 ? [] : found).map((policy) => (
          <li key={policy.name} className={styles.row}>
            <div className={styles.words}>
              <strong>{policy.title[language]}</strong>
              <p className={styles.small}>{policy.explanation[language]}</p>
              <p className={styles.small}>{policy.definitionId}</p>
            </div>
            <div>
              <Button
                size="small"
                aria-label={say('policyEditor.addWhich', { name: policy.title[language] })}
                onClick={() => onAdd(policy)}
              >
                {say('policyEditor.addShort')}
              </Button>
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}
