/** What saving would do, worked out by the service while the document is edited; nothing is changed by looking. */

import type { PolicyPreview } from '@carryover/model/policy-preview';
import { memberTitle, originWords, valueWords } from '@carryover/model/policy-words';
import { makeStyles } from '@fluentui/react-components';
import { useId } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { StateText } from '../../shared/state-text.tsx';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { TryOnDevice } from './try-on-device.tsx';
import type { Preview } from './use-preview.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: { paddingBlock: tokens.spacingVerticalS, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  small: { margin: 0, color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export interface PreviewPanelProps {
  readonly graph: Graph;
  readonly preview: Preview;
  /** The error stands at what it is about. */
  readonly errorIsShown?: boolean;
  /** Of its heading, which takes the focus when it is led to. */
  readonly headingId?: string;
}

export function PreviewPanel({ graph, preview, errorIsShown = false, headingId }: PreviewPanelProps) {
  const say = useWords();
  const page = usePageStyles();
  const ownId = useId();
  const id = headingId ?? ownId;
  const { data, error, deviceId } = preview;
  return (
    <section aria-labelledby={id} className={page.card}>
      <h2 id={id} tabIndex={-1} className={page.heading}>
        {say('policy.preview')}
      </h2>
      {error === null || errorIsShown ? null : <Problem error={error} onAgain={preview.onAgain} />}
      <div aria-live="polite">{data === undefined || error !== null ? null : <Effects preview={data} />}</div>
      <TryOnDevice
        graph={graph}
        deviceId={deviceId}
        onChoose={preview.onTry}
        result={deviceId === undefined ? null : (data?.onDevice ?? null)}
      />
    </section>
  );
}

function Effects({ preview }: { readonly preview: PolicyPreview }) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const { language } = useLanguage();
  const { devices, reached, changed, changes, conflicts, unknown } = preview;
  const words = (member: string, value: unknown) => valueWords(member, value, language);
  return (
    <div className={page.stack}>
      <p className={page.plain}>
        {say('policyEditor.reached', { n: reached, all: devices })}{' '}
        {changed === 0 ? say('policyEditor.changesNothing', { n: devices }) : null}
      </p>
      {changes.length === 0 ? null : (
        <ul className={styles.list}>
          {changes.map(({ member, from, to, devices: n, examples }) => (
            <li key={`${member} ${JSON.stringify([from, to])}`} className={styles.row}>
              <strong>{say('count.devices', { n })}</strong>{' '}
              {say('policyEditor.becomes', {
                what: memberTitle(member, language),
                to: words(member, to),
                from: words(member, from),
              })}
              <p className={styles.small}>
                {examples
                  .map(({ deviceName, person }) => (person === null ? deviceName : `${deviceName} (${person})`))
                  .join(', ')}
              </p>
            </li>
          ))}
        </ul>
      )}
      {conflicts.map(({ member, kept, overruled, devices: n }) => (
        <StateText key={JSON.stringify([member, kept, overruled])} state="toDo">
          {say('policyEditor.twoAnswers', {
            n,
            what: memberTitle(member, language),
            kept: `${originWords(kept.origin, language)}: ${words(member, kept.value)}`,
            other: overruled
              .map(({ origin, value }) => `${originWords(origin, language)}: ${words(member, value)}`)
              .join('; '),
          })}
        </StateText>
      ))}
      {unknown.length === 0 ? null : (
        <p className={page.quiet}>{say('policyEditor.unknown', { names: unknown.join(', ') })}</p>
      )}
    </div>
  );
}
