/**
 * The settings of a custom policy: name, OMA-URI, data type and value of each, which of the known policies it is, and what
 * the service says is wrong with it.
 */

import { POLICIES } from '@carryover/model/policy-definitions';
import { Button, Field, Input, makeStyles, Select, Textarea } from '@fluentui/react-components';
import { type RefObject, useId, useRef, useState } from 'react';
import { StateText } from '../../shared/state-text.tsx';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-policies.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { firstText, knownAs, OMA_TYPE_NAMES, type OmaRow, type RowFault, rowOf } from './oma-rows.ts';
import { settingWords } from './part-words.tsx';

const useStyles = makeStyles({
  row: { margin: 0, minWidth: 0, border: 'none', padding: 0 },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingHorizontalM,
    '@media (min-width: 720px)': { gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 1fr)' },
  },
  // Names of policies are longer than a narrow page is wide.
  begin: { gridTemplateColumns: 'minmax(0, 1fr)', width: 'min(24rem, 100%)' },
  wide: { '@media (min-width: 720px)': { gridColumn: '1 / -1' } },
});

export interface OmaListProps {
  readonly rows: readonly OmaRow[];
  readonly disabled: boolean;
  /** What the service refuses, at the row of this key. */
  readonly fault: (RowFault & { readonly key: string }) | undefined;
  readonly onChange: (rows: readonly OmaRow[]) => void;
}

export function OmaList({ rows, disabled, fault, onChange }: OmaListProps) {
  const say = useWords();
  const page = usePageStyles();
  const add = useRef<HTMLDivElement>(null);
  return (
    <>
      {rows.length === 0 ? <p className={page.quiet}>{say('oma.none')}</p> : null}
      {rows.map((row, at) => (
        <OmaSettingRow
          key={row.key}
          row={row}
          title={row.name === '' ? say('oma.row', { n: at + 1 }) : row.name}
          disabled={disabled}
          fault={fault?.key === row.key ? fault : undefined}
          onChange={(part) => onChange(rows.with(at, { ...row, ...part }))}
          onRemove={() => {
            onChange(rows.toSpliced(at, 1));
            // The button that was pressed goes away.
            add.current?.querySelector('select')?.focus();
          }}
        />
      ))}
      {disabled ? null : <AddRow place={add} onAdd={(row) => onChange([...rows, row])} />}
    </>
  );
}

interface OmaSettingRowProps {
  readonly row: OmaRow;
  readonly title: string;
  readonly disabled: boolean;
  readonly fault: RowFault | undefined;
  readonly onChange: (part: Partial<OmaRow>) => void;
  readonly onRemove: () => void;
}

function OmaSettingRow({ row, title, disabled, fault, onChange, onRemove }: OmaSettingRowProps) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const faultAt = (field: RowFault['field']) =>
    fault?.field === field ? ({ validationState: 'error', validationMessage: fault.message } as const) : {};
  return (
    <fieldset aria-label={title} className={styles.row}>
      <div className={page.card}>
        <div className={styles.fields}>
          <Field label={say('policyList.name')} {...faultAt('name')}>
            <Input
              value={row.name}
              maxLength={200}
              disabled={disabled}
              onChange={(_, { value }) => onChange({ name: value })}
            />
          </Field>
          <Field label={say('oma.type')}>
            <Select
              value={row.type}
              disabled={disabled}
              onChange={(_, { value }) => {
                const type = OMA_TYPE_NAMES.find((known) => known === value) ?? row.type;
                onChange({ type, text: row.text === '' ? firstText(type) : row.text });
              }}
            >
              {OMA_TYPE_NAMES.map((type) => (
                <option key={type} value={type}>
                  {say(`oma.type.${typeName(type)}`)}
                </option>
              ))}
            </Select>
          </Field>
          <Field className={styles.wide} label="OMA-URI" required {...faultAt('omaUri')}>
            <Input
              value={row.omaUri}
              maxLength={500}
              disabled={disabled}
              placeholder="./Device/Vendor/MSFT/Policy/Config/…"
              onChange={(_, { value }) => onChange({ omaUri: value })}
            />
          </Field>
          <Field className={styles.wide} label={say('oma.value')} {...faultAt('value')}>
            <OmaValue row={row} disabled={disabled} onChange={(text) => onChange({ text })} />
          </Field>
        </div>
        <div aria-live="polite">{row.omaUri.trim() === '' ? null : <Meaning row={row} />}</div>
        <div>
          <Button
            size="small"
            disabled={disabled}
            aria-label={say('policyEditor.removeWhich', { name: title })}
            onClick={onRemove}
          >
            {say('policyEditor.remove')}
          </Button>
        </div>
      </div>
    </fieldset>
  );
}

type TypeName = 'String' | 'Boolean' | 'Integer' | 'FloatingPoint' | 'DateTime' | 'Base64' | 'StringXml';

function typeName(type: OmaRow['type']): TypeName {
  return type.slice('#microsoft.graph.omaSetting'.length) as TypeName;
}

interface OmaValueProps {
  readonly row: OmaRow;
  readonly disabled: boolean;
  readonly onChange: (text: string) => void;
  /** Given by the field around it. */
  readonly id?: string;
}

function OmaValue({ row: { type, text }, disabled, onChange, ...field }: OmaValueProps) {
  const say = useWords();
  switch (typeName(type)) {
    case 'Boolean':
      return (
        <Select
          {...field}
          value={text === 'true' ? 'true' : 'false'}
          disabled={disabled}
          onChange={(_, { value }) => onChange(value)}
        >
          <option value="true">{say('oma.true')}</option>
          <option value="false">{say('oma.false')}</option>
        </Select>
      );
    case 'Integer':
    case 'FloatingPoint':
    case 'DateTime':
      return <Input {...field} value={text} disabled={disabled} onChange={(_, { value }) => onChange(value)} />;
    default:
      return <Textarea {...field} value={text} disabled={disabled} onChange={(_, { value }) => onChange(value)} />;
  }
}

/** Which policy a row is, in words; a warning for one that nothing here follows. */
function Meaning({ row }: { readonly row: OmaRow }) {
  const say = useWords();
  const { language } = useLanguage();
  const known = knownAs(row);
  if (known === undefined) return <StateText state="toDo">{say('oma.unknown')}</StateText>;
  const policy = known.definition.title[language];
  if (known.value === undefined) return <StateText state="failing">{say('oma.knownWrong', { policy })}</StateText>;
  return <StateText state="fine">{say('oma.known', { policy, value: settingWords(known.value, say) })}</StateText>;
}

interface AddRowProps {
  readonly place: RefObject<HTMLDivElement | null>;
  readonly onAdd: (row: OmaRow) => void;
}

function AddRow({ place, onAdd }: AddRowProps) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const id = useId();
  const { language } = useLanguage();
  const [chosen, setChosen] = useState('');
  const made = useRef(0);
  const add = () => {
    made.current += 1;
    const key = `${id} ${made.current}`;
    const policy = POLICIES.find(({ name }) => name === chosen);
    onAdd(
      policy === undefined
        ? { key, name: '', omaUri: '', type: '#microsoft.graph.omaSettingString', text: '' }
        : rowOf(policy, language, key),
    );
    setChosen('');
  };
  return (
    <div ref={place} className={page.tools}>
      <Field className={styles.begin} label={say('oma.which')}>
        <Select value={chosen} onChange={(_, { value }) => setChosen(value)}>
          <option value="">{say('oma.empty')}</option>
          {POLICIES.map(({ name, title }) => (
            <option key={name} value={name}>
              {title[language]}
            </option>
          ))}
        </Select>
      </Field>
      <Button onClick={add}>{say('oma.add')}</Button>
    </div>
  );
}
