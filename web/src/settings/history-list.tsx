/** What Carryover did on this PC, newest first. */

import type { HistoryLine } from '@carryover/model/local-pages';
import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { PageHead } from '../shared/page-head.tsx';
import { type State, StateIcon } from '../shared/state-text.tsx';
import { tokens } from '../shared/theme.ts';
import { Waiting } from '../shared/waiting.tsx';
import { atStart } from '../shared/when.ts';
import { deedOf } from './deed.ts';
import type { SettingsClient } from './settings-client.ts';
import { type Here, moment } from './status.ts';

const useStyles = makeStyles({
  list: {
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: '6px',
    '& > li + li': { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
  },
  words: { flexGrow: 1, flexBasis: '12rem', minWidth: 0, overflowWrap: 'anywhere' },
  details: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  time: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export function HistoryList({ client, here }: { readonly client: SettingsClient; readonly here: Here }) {
  const styles = useStyles();
  const { say } = here;
  const { data, error } = useQuery({
    queryKey: ['history'],
    queryFn: ({ signal }) => client.history(signal),
    networkMode: 'always',
  });
  return (
    <>
      <PageHead
        key="history"
        size="settings"
        parent={say('settings.accounts')}
        title={say('settings.history')}
        lead={say('settings.historyLead')}
      />
      {error === null ? null : <p role="alert">{error.message}</p>}
      {data === undefined ? (
        error === null && <Waiting rows={4} />
      ) : data.length === 0 ? (
        <p>{say('settings.historyEmpty')}</p>
      ) : (
        <ol className={styles.list}>
          {data.map((line) => (
            <Line key={`${line.at} ${line.what}`} line={line} here={here} />
          ))}
        </ol>
      )}
    </>
  );
}

function Line({ line, here }: { readonly line: HistoryLine; readonly here: Here }) {
  const styles = useStyles();
  const { state, title, details }: { state: State; title: string; details: string } = deedOf(line, here);
  return (
    <li className={styles.line}>
      <StateIcon state={state} />
      <div className={styles.words}>
        <div>{title}</div>
        {details === '' ? null : <div className={styles.details}>{details}</div>}
      </div>
      <time dateTime={line.at} className={styles.time}>
        {atStart(moment(line.at, here), here)}
      </time>
    </li>
  );
}
