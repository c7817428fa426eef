/** Rows of things with names over the columns; on a narrow page each row is a card that names its values itself. */

import { makeStyles, mergeClasses } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { tokens } from '../../shared/theme.ts';

const NARROW = '@media (max-width: 640px)';

const useStyles = makeStyles({
  table: {
    width: '100%',
    borderCollapse: 'separate',
    borderSpacing: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: '6px',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    [NARROW]: { display: 'block' },
  },
  head: { [NARROW]: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' } },
  body: { [NARROW]: { display: 'block' } },
  row: { [NARROW]: { display: 'block', paddingBlock: tokens.spacingVerticalS } },
  chosen: { backgroundColor: tokens.coTint, boxShadow: `inset 3px 0 ${tokens.colorBrandStroke1}` },
  name: { textAlign: 'start', padding: '12px 16px', fontWeight: tokens.fontWeightSemibold },
  cell: {
    padding: '12px 16px',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    overflowWrap: 'anywhere',
    verticalAlign: 'top',
    [NARROW]: {
      display: 'block',
      border: 'none',
      padding: '4px 16px',
      '::before': {
        content: 'attr(data-name)',
        display: 'block',
        fontSize: tokens.fontSizeBase200,
        color: tokens.colorNeutralForeground3,
      },
    },
  },
});

interface ListRow {
  readonly key: string;
  readonly cells: readonly ReactNode[];
  readonly chosen?: boolean;
}

export interface ListTableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly rows: readonly ListRow[];
}

export function ListTable({ label, columns, rows }: ListTableProps) {
  const styles = useStyles();
  return (
    <table aria-label={label} className={styles.table}>
      <thead className={styles.head}>
        <tr>
          {columns.map((name) => (
            <th key={name} scope="col" className={styles.name}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody className={styles.body}>
        {rows.map(({ key, cells, chosen = false }) => (
          <tr key={key} className={mergeClasses(styles.row, chosen && styles.chosen)}>
            {columns.map((name, index) => (
              <td key={name} data-name={name} className={styles.cell}>
                {cells[index]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
