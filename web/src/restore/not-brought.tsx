/** What could not be brought over: name, reason and remedy, one by one or, when there are many, by reason. */

import { makeStyles } from '@fluentui/react-components';
import { AppsRegular } from '@fluentui/react-icons/svg/apps';
import { useId } from 'react';
import { StateIcon } from '../shared/state-text.tsx';
import { tokens } from '../shared/theme.ts';
import { groupedByReason, LISTED_ONE_BY_ONE, type ReasonGroup, type ResultItem, reasonWords } from './outcome.ts';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  title: {
    margin: `0 0 ${tokens.spacingVerticalM}`,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  list: {
    listStyleType: 'none',
    margin: `0 0 ${tokens.spacingVerticalL}`,
    padding: 0,
    maxWidth: '768px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
  },
  item: {
    display: 'flex',
    columnGap: tokens.spacingHorizontalL,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
    ':not(:first-child)': {
      borderBlockStartWidth: '1px',
      borderBlockStartStyle: 'solid',
      borderBlockStartColor: tokens.colorNeutralStroke2,
    },
  },
  words: { display: 'grid', rowGap: '1px', minWidth: 0, overflowWrap: 'anywhere' },
  name: { fontWeight: tokens.fontWeightSemibold },
  reason: { color: tokens.colorNeutralForeground2 },
  app: { fontSize: '18px', color: tokens.coStaleText, flexShrink: 0 },
  members: { margin: `${tokens.spacingVerticalXS} 0 0`, paddingInlineStart: tokens.spacingHorizontalL },
});

export function NotBrought({ items }: { readonly items: readonly ResultItem[] }) {
  const { say, language } = useHere();
  const styles = useStyles();
  const titleId = useId();
  const isLong = items.length > LISTED_ONE_BY_ONE;
  return (
    <section aria-labelledby={titleId}>
      <h2 id={titleId} className={styles.title}>
        {say('restore.notBrought', { n: items.length })}
      </h2>
      <ul className={styles.list}>
        {isLong
          ? groupedByReason(items, language).map((group) => (
              <Group key={`${group.status} ${group.members[0]?.item.id}`} group={group} />
            ))
          : items.map((item) => <One key={item.id} item={item} />)}
      </ul>
    </section>
  );
}

function One({ item }: { readonly item: ResultItem }) {
  const { language, say } = useHere();
  const styles = useStyles();
  const { reason, remedy } = reasonWords(item.reason, language);
  return (
    <li className={styles.item}>
      <Sign item={item} />
      <span className={styles.words}>
        <bdi className={styles.name}>{item.title}</bdi>
        <span className={styles.reason}>{reason ?? say(`restore.status.${item.status}`)}</span>
        {remedy === undefined ? null : <span>{remedy}</span>}
      </span>
    </li>
  );
}

function Group({ group: { status, reason, remedy, members } }: { readonly group: ReasonGroup }) {
  const { say } = useHere();
  const styles = useStyles();
  return (
    <li className={styles.item}>
      <StateIcon state={status === 'failed' ? 'failing' : 'toDo'} />
      <span className={styles.words}>
        <span className={styles.name}>{`${say(`restore.status.${status}`)}: ${members.length}`}</span>
        {reason === undefined ? null : <span className={styles.reason}>{reason}</span>}
        {remedy === undefined ? null : <span>{remedy}</span>}
        <ul className={styles.members}>
          {members.map(({ item, reason: own }) => (
            <li key={item.id}>
              <bdi>{item.title}</bdi>
              {own === undefined ? null : <span className={styles.reason}>. {own}</span>}
            </li>
          ))}
        </ul>
      </span>
    </li>
  );
}

function Sign({ item: { kind, status } }: { readonly item: ResultItem }) {
  const styles = useStyles();
  if (status === 'failed') return <StateIcon state="failing" />;
  if (status === 'lockedByPolicy') return <StateIcon state="locked" />;
  return kind === 'app' ? <AppsRegular aria-hidden className={styles.app} /> : <StateIcon state="toDo" />;
}
