/** The pages of the admin center. Where there is room for icons only, their words are for screen readers and tooltips. */

import { makeStyles } from '@fluentui/react-components';
import { ClipboardTaskRegular } from '@fluentui/react-icons/svg/clipboard-task';
import { HomeRegular } from '@fluentui/react-icons/svg/home';
import { LaptopRegular } from '@fluentui/react-icons/svg/laptop';
import { PeopleRegular } from '@fluentui/react-icons/svg/people';
import { RocketRegular } from '@fluentui/react-icons/svg/rocket';
import { Link } from '@tanstack/react-router';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin.ts';

const ICONS_ONLY = '@media (min-width: 861px) and (max-width: 1200px)';

const useStyles = makeStyles({
  navigation: {
    height: '100%',
    padding: tokens.spacingVerticalS,
    borderInlineEndWidth: '1px',
    borderInlineEndStyle: 'solid',
    borderInlineEndColor: tokens.colorNeutralStroke2,
    backgroundColor: tokens.colorNeutralBackground1,
    [ICONS_ONLY]: { padding: '8px 3px' },
  },
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', rowGap: '2px' },
  link: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    minHeight: '36px',
    padding: '0 12px',
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    borderRadius: tokens.borderRadiusMedium,
    borderInlineStartWidth: '3px',
    borderInlineStartStyle: 'solid',
    borderInlineStartColor: 'transparent',
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
    // What is transparent otherwise is drawn in forced colours.
    '@media (forced-colors: active)': { borderInlineStartColor: 'Canvas' },
    '&[aria-current="page"]': {
      fontWeight: tokens.fontWeightSemibold,
      backgroundColor: tokens.colorNeutralBackground1Selected,
      borderInlineStartColor: tokens.colorCompoundBrandBackground,
      '@media (forced-colors: active)': { borderInlineStartColor: 'Highlight' },
    },
    [ICONS_ONLY]: { padding: '0 8px' },
  },
  icon: { flexShrink: 0, fontSize: '18px' },
  text: {
    [ICONS_ONLY]: { position: 'absolute', width: '1px', height: '1px', overflow: 'hidden', clipPath: 'inset(50%)' },
  },
});

const PAGES = [
  { to: '/', name: 'admin.homeLink', Icon: HomeRegular },
  { to: '/devices', name: 'admin.devices', Icon: LaptopRegular },
  { to: '/people', name: 'admin.people', Icon: PeopleRegular },
  { to: '/policies', name: 'admin.policies', Icon: ClipboardTaskRegular },
  { to: '/enrollment', name: 'admin.enrollment', Icon: RocketRegular },
] as const;

export function Navigation() {
  const say = useWords();
  const styles = useStyles();
  return (
    <nav aria-label={say('admin.navigation')} className={styles.navigation}>
      <ul className={styles.list}>
        {PAGES.map(({ to, name, Icon }) => (
          <li key={to}>
            <Link to={to} activeOptions={{ exact: to === '/' }} className={styles.link} title={say(name)}>
              <Icon aria-hidden className={styles.icon} />
              <span className={styles.text}>{say(name)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
