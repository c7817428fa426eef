/**
 * The frame of every step: a centred card with the side (organization, picture, steps, person) and the step itself, and
 * under it the language.
 *
 * Narrow (860 px and less): the card fills the screen and the side becomes its head.
 */

import type { RestoreView } from '@carryover/model/local-pages';
import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { GlobeRegular } from '@fluentui/react-icons/svg/globe';
import type { ReactNode } from 'react';
import { Crest } from '../shared/crest.tsx';
import { StepOf, Steps } from '../shared/steps.tsx';
import { tokens } from '../shared/theme.ts';
import { LANGUAGES, useLanguage } from '../shared/words/language.tsx';
import { fetchWords, useWords } from '../shared/words/restore.ts';
import { RestorePicture } from './restore-picture.tsx';
import { initials } from './speech.ts';
import { STEPS, stepOf } from './stage.ts';

const NARROW = '@media (max-width: 860px)';
const FORCED = '@media (forced-colors: active)';

const useStyles = makeStyles({
  screen: {
    minHeight: '100vh',
    display: 'flex',
    flexDirection: 'column',
    alignItems: 'center',
    paddingBlockStart: '48px',
    paddingInline: tokens.spacingHorizontalXXL,
    backgroundImage: `radial-gradient(60% 70% at 0% 0%, ${tokens.coTint2}, transparent 70%), radial-gradient(60% 70% at 100% 100%, ${tokens.coTint2}, transparent 70%)`,
    [NARROW]: { paddingBlockStart: 0, paddingInline: 0, backgroundImage: 'none' },
    [FORCED]: { backgroundImage: 'none' },
  },
  card: {
    display: 'grid',
    gridTemplateColumns: '344px minmax(0, 1fr)',
    width: '100%',
    maxWidth: '1200px',
    minHeight: 'min(764px, calc(100vh - 136px))',
    borderRadius: '12px',
    backgroundColor: tokens.colorNeutralBackground1,
    color: tokens.colorNeutralForeground1,
    border: `1px solid ${tokens.coTintLine}`,
    boxShadow: tokens.shadow16,
    [NARROW]: {
      gridTemplateColumns: 'minmax(0, 1fr)',
      gridTemplateRows: 'auto 1fr',
      minHeight: 'calc(100vh - 72px)',
      borderRadius: 0,
      boxShadow: 'none',
    },
  },
  side: {
    display: 'flex',
    flexDirection: 'column',
    minWidth: 0,
    padding: '28px 32px',
    borderStartStartRadius: '12px',
    borderEndStartRadius: '12px',
    backgroundImage: `linear-gradient(165deg, ${tokens.coTint}, ${tokens.coTint2})`,
    borderInlineEndWidth: '1px',
    borderInlineEndStyle: 'solid',
    borderInlineEndColor: tokens.coTintLine,
    [NARROW]: {
      padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXXL}`,
      borderRadius: 0,
      borderInlineEndWidth: 0,
      minHeight: '56px',
      justifyContent: 'center',
    },
    [FORCED]: { backgroundImage: 'none' },
  },
  head: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalM, minWidth: 0 },
  names: { minWidth: 0, display: 'grid', flexGrow: 1 },
  name: { fontWeight: tokens.fontWeightSemibold, overflow: 'hidden', textOverflow: 'ellipsis' },
  second: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  wideOnly: { [NARROW]: { display: 'none' } },
  narrowOnly: { display: 'none', [NARROW]: { display: 'flex' } },
  picture: { marginBlock: '52px 76px', marginInline: '4px' },
  person: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    marginBlockStart: 'auto',
    paddingBlockStart: tokens.spacingVerticalXL,
    minWidth: 0,
  },
  avatar: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    flexShrink: 0,
    width: '36px',
    height: '36px',
    borderRadius: '50%',
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForegroundOnBrand,
    backgroundColor: tokens.colorBrandBackground,
    border: `1px solid ${tokens.coTintLine}`,
  },
  main: {
    display: 'flex',
    flexDirection: 'column',
    minWidth: 0,
    padding: '36px 44px 0',
    [NARROW]: { padding: '24px 28px 0' },
    '@media (max-width: 480px)': { paddingInline: '16px' },
  },
  system: {
    width: '100%',
    maxWidth: '1200px',
    minHeight: '72px',
    display: 'flex',
    alignItems: 'center',
    paddingInline: tokens.spacingHorizontalXS,
    [NARROW]: { backgroundColor: tokens.colorNeutralBackground1, paddingInline: tokens.spacingHorizontalXL },
  },
});

export interface FrameProps {
  /** Undefined while nothing is known. */
  readonly view: RestoreView | undefined;
  /** In place of the picture and the steps; on a narrow page under the head. */
  readonly side?: ReactNode;
  readonly children: ReactNode;
}

export function Frame({ view, side, children }: FrameProps) {
  const styles = useStyles();
  const say = useWords();
  const steps = STEPS.map((step) => say(`restore.step.${step}`));
  const current = view === undefined ? 0 : STEPS.indexOf(stepOf(view.stage));
  const person = view?.person;
  const device = view?.device.name;
  const avatar = person === undefined ? null : <span className={styles.avatar}>{initials(person.displayName)}</span>;
  return (
    <div className={styles.screen}>
      <div className={styles.card}>
        <header className={styles.side}>
          <div className={styles.head}>
            <Crest />
            <div className={styles.names}>
              <span className={styles.name}>
                <bdi>{view?.organization ?? 'Carryover'}</bdi>
              </span>
              {device === undefined ? null : (
                <span className={mergeClasses(styles.second, styles.wideOnly)}>
                  {say(view?.mode === 'demand' ? 'restore.onDevice' : 'restore.settingUp', { device })}
                </span>
              )}
              <span className={mergeClasses(styles.second, styles.narrowOnly)}>
                <StepOf steps={steps} current={current} />
              </span>
            </div>
            <span className={styles.narrowOnly} aria-hidden>
              {avatar}
            </span>
          </div>
          {side ?? (
            <div className={styles.wideOnly}>
              <div className={styles.picture}>
                <RestorePicture mark={view?.stage.kind === 'blocked' ? 'lock' : 'tick'} />
              </div>
              <Steps label={say('restore.steps')} steps={steps} current={current} />
            </div>
          )}
          {person === undefined ? null : (
            <div className={mergeClasses(styles.person, styles.wideOnly)}>
              <span aria-hidden>{avatar}</span>
              <div className={styles.names}>
                <span className={styles.name}>
                  <bdi>{person.displayName}</bdi>
                </span>
                <span className={styles.second}>
                  <bdi>{person.userPrincipalName}</bdi>
                </span>
              </div>
            </div>
          )}
        </header>
        <main className={styles.main}>{children}</main>
      </div>
      <footer className={styles.system}>
        <LanguageButton />
      </footer>
    </div>
  );
}

/** Names the language that a press switches to, in that language. */
function LanguageButton() {
  const { language, chooseLanguage } = useLanguage();
  const other = LANGUAGES.find(({ id }) => id !== language);
  if (other === undefined) return null;
  return (
    <Button
      appearance="subtle"
      icon={<GlobeRegular />}
      lang={other.id}
      onClick={() => void fetchWords(other.id).then(() => chooseLanguage(other.id))}
    >
      {other.name}
    </Button>
  );
}
