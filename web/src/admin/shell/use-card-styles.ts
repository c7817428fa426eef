/** The look of a card in the admin center: a stroke, no shadow; its heading; a row of what it holds. */

import { makeStyles, typographyStyles } from '@fluentui/react-components';
import { tokens } from '../../shared/theme.ts';

export const useCardStyles = makeStyles({
  card: {
    padding: tokens.spacingVerticalXXL,
    minWidth: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: '8px',
    backgroundColor: tokens.colorNeutralBackground1,
    '@media (max-width: 480px)': { padding: tokens.spacingVerticalL },
  },
  title: { ...typographyStyles.subtitle2, margin: `0 0 ${tokens.spacingVerticalM}` },
  lead: {
    margin: `0 0 ${tokens.spacingVerticalM}`,
    color: tokens.colorNeutralForeground2,
    ':last-child': { marginBlockEnd: 0 },
  },
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  row: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    justifyContent: 'space-between',
    columnGap: tokens.spacingHorizontalL,
    paddingBlock: tokens.spacingVerticalS,
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
    ':first-child': { borderTopStyle: 'none' },
  },
  second: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  link: { color: tokens.colorBrandForegroundLink },
});
