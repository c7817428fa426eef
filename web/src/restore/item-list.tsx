/** Every item of the restore and what came of it, by category. */

import type { RestoreResult } from '@carryover/model/local-pages';
import { DONE } from '@carryover/model/report';
import { CATEGORIES } from '@carryover/model/setting';
import { Button, makeStyles } from '@fluentui/react-components';
import { PageHead } from '../shared/page-head.tsx';
import { StateText } from '../shared/state-text.tsx';
import { tokens } from '../shared/theme.ts';
import { type ResultItem, reasonWords } from './outcome.ts';
import { Foot } from './step-parts.tsx';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  title: { margin: `${tokens.spacingVerticalL} 0 ${tokens.spacingVerticalXS}`, fontSize: tokens.fontSizeBase400 },
  table: { width: '100%', borderCollapse: 'collapse', tableLayout: 'fixed', lineHeight: tokens.lineHeightBase300 },
  cell: {
    textAlign: 'start',
    verticalAlign: 'top',
    fontWeight: tokens.fontWeightRegular,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalS} 0`,
    borderBlockEndWidth: '1px',
    borderBlockEndStyle: 'solid',
    borderBlockEndColor: tokens.colorNeutralStroke3,
    overflowWrap: 'anywhere',
  },
  head: { fontSize: tokens.fontSizeBase200, fontWeight: tokens.fontWeightSemibold },
  reason: { display: 'block', color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
});

export interface ItemListProps {
  readonly result: RestoreResult;
  readonly onBack: () => void;
}

export function ItemList({ result: { items, deviceName }, onBack }: ItemListProps) {
  const { say } = useHere();
  const styles = useStyles();
  return (
    <>
      <PageHead key="all" size="setup" title={say('restore.allTitle', { n: items.length, device: deviceName })} />
      {CATEGORIES.map((category) => {
        const of = items.filter((item) => item.category === category);
        const name = say(`category.${category}`);
        if (of.length === 0) return null;
        return (
          <section key={category} aria-label={name}>
            <h2 className={styles.title}>{name}</h2>
            <table className={styles.table} aria-label={name}>
              <thead>
                <tr>
                  {(['restore.item', 'restore.outcome'] as const).map((head) => (
                    <th key={head} scope="col" className={styles.cell}>
                      <span className={styles.head}>{say(head)}</span>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {of.map((item) => (
                  <Row key={item.id} item={item} />
                ))}
              </tbody>
            </table>
          </section>
        );
      })}
      <Foot>
        <Button size="large" onClick={onBack}>
          {say('common.back')}
        </Button>
      </Foot>
    </>
  );
}

function Row({ item: { title, status, reason } }: { readonly item: ResultItem }) {
  const { say, language } = useHere();
  const styles = useStyles();
  const words = reasonWords(reason, language);
  const state = DONE.includes(status)
    ? 'fine'
    : status === 'failed'
      ? 'failing'
      : status === 'skipped'
        ? 'off'
        : 'toDo';
  return (
    <tr>
      <th scope="row" className={styles.cell}>
        <bdi>{title}</bdi>
      </th>
      <td className={styles.cell}>
        <StateText state={state}>{say(`restore.status.${status}`)}</StateText>
        {words.reason === undefined ? null : <span className={styles.reason}>{words.reason}</span>}
      </td>
    </tr>
  );
}
