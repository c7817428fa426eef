/** The settings window around its pages: title row, who is signed in, the places to go, who manages this PC. */

import { Avatar, Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { ArrowSyncRegular } from '@fluentui/react-icons/svg/arrow-sync';
import { HistoryRegular } from '@fluentui/react-icons/svg/history';
import { NavigationRegular } from '@fluentui/react-icons/svg/navigation';
import { PhoneUpdateRegular } from '@fluentui/react-icons/svg/phone-update';
import { type ReactNode, useState } from 'react';
import markUrl from '../shared/mark.svg';
import { tokens } from '../shared/theme.ts';
import { useWords } from '../shared/words/settings.ts';
import type { Place } from './place.ts';

/** Under this many px the navigation is behind a button. */
const NARROW = '@media (max-width: 860px)';

const useStyles = makeStyles({
  window: {
    minHeight: '100vh',
    backgroundImage: `radial-gradient(60rem 20rem at 20% -8rem, ${tokens.coTint2}, transparent)`,
    color: tokens.colorNeutralForeground1,
    fontFamily: tokens.fontFamilyBase,
  },
  titleRow: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    minHeight: '44px',
    paddingInline: tokens.spacingHorizontalL,
    fontSize: tokens.fontSizeBase200,
  },
  menuButton: { display: 'none', [NARROW]: { display: 'inline-flex' } },
  body: {
    display: 'grid',
    gridTemplateColumns: '296px minmax(0, 1fr)',
    [NARROW]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  side: {
    display: 'flex',
    flexDirection: 'column',
    position: 'sticky',
    top: 0,
    alignSelf: 'start',
    minHeight: 'calc(100vh - 44px)',
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL} ${tokens.spacingVerticalXL}`,
    [NARROW]: { display: 'none', position: 'static', minHeight: 'auto' },
  },
  sideOpen: { [NARROW]: { display: 'flex' } },
  person: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    marginBlockEnd: tokens.spacingVerticalXL,
  },
  names: { minWidth: 0, overflowWrap: 'anywhere' },
  name: { fontWeight: tokens.fontWeightSemibold },
  account: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2 },
  places: { display: 'grid', rowGap: tokens.spacingVerticalXS },
  place: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    minHeight: '36px',
    paddingInlineStart: '15px',
    paddingInlineEnd: tokens.spacingHorizontalM,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: 'none',
    ':hover': { backgroundColor: tokens.colorSubtleBackgroundHover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
  here: {
    paddingInlineStart: '12px',
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    borderInlineStartWidth: '3px',
    borderInlineStartStyle: 'solid',
    borderInlineStartColor: tokens.colorCompoundBrandBackground,
  },
  icon: { fontSize: '18px', flexShrink: 0 },
  foot: {
    marginBlockStart: 'auto',
    paddingBlockStart: tokens.spacingVerticalXL,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
  },
  main: {
    maxWidth: '1072px',
    minWidth: 0,
    padding: `10px 36px 56px`,
    [NARROW]: { paddingInline: tokens.spacingHorizontalL },
  },
});

export interface FrameProps {
  readonly place: Place;
  readonly person?: { readonly displayName: string; readonly userPrincipalName: string };
  readonly organization?: string;
  readonly agentVersion?: string;
  readonly children: ReactNode;
}

export function Frame({ place, person, organization, agentVersion, children }: FrameProps) {
  const say = useWords();
  const styles = useStyles();
  const [isOpen, setOpen] = useState(false);
  const link = (to: Place, icon: ReactNode, words: string, href = `#${to}`) => (
    <a
      href={href}
      className={mergeClasses(styles.place, place === to && styles.here)}
      aria-current={place === to ? 'page' : undefined}
      onClick={() => setOpen(false)}
    >
      <span aria-hidden className={styles.icon}>
        {icon}
      </span>
      {words}
    </a>
  );
  return (
    <div className={styles.window}>
      <header className={styles.titleRow}>
        <Button
          className={styles.menuButton}
          appearance="subtle"
          icon={<NavigationRegular />}
          aria-label={say('settings.menu')}
          aria-expanded={isOpen}
          aria-controls="places"
          onClick={() => setOpen(!isOpen)}
        />
        <img src={markUrl} alt="" width={20} height={20} />
        <span>{say('settings.window')}</span>
      </header>
      <div className={styles.body}>
        <nav
          id="places"
          aria-label={say('settings.window')}
          className={mergeClasses(styles.side, isOpen && styles.sideOpen)}
        >
          {person === undefined ? null : (
            <div className={styles.person}>
              <Avatar aria-hidden name={person.displayName} size={48} color="brand" />
              <div className={styles.names}>
                <div className={styles.name}>
                  <bdi>{person.displayName}</bdi>
                </div>
                <div className={styles.account}>
                  <bdi>{person.userPrincipalName}</bdi>
                </div>
              </div>
            </div>
          )}
          <div className={styles.places}>
            {link('backup', <ArrowSyncRegular />, say('settings.nav.backup'))}
            {link('restore', <PhoneUpdateRegular />, say('settings.nav.restore'), RESTORE_PAGE)}
            {link('history', <HistoryRegular />, say('settings.nav.history'))}
          </div>
          <div className={styles.foot}>
            {organization === undefined ? null : <div>{say('settings.managed', { org: organization })}</div>}
            {agentVersion === undefined ? null : <div>{say('settings.version', { version: agentVersion })}</div>}
          </div>
        </nav>
        <main className={styles.main}>{children}</main>
      </div>
    </div>
  );
}

/** The restore page of the same server; it applies at once when it is opened from here. */
export const RESTORE_PAGE = '/restore?mode=demand';
