/** Progress: the undo point first, then every category with how far it is. Counts items; speaks seldom. */

import type { CategoryProgress, RestoreProgress, RestoreView } from '@carryover/model/local-pages';
import { Button, makeStyles, ProgressBar, Spinner } from '@fluentui/react-components';
import { ShieldCheckmarkRegular } from '@fluentui/react-icons/svg/shield-checkmark';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { PageHead } from '../shared/page-head.tsx';
import { StateIcon } from '../shared/state-text.tsx';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import { VisuallyHidden } from '../shared/visually-hidden.tsx';
import { CategoryIcon } from './category-icon.tsx';
import { SPEAK_EVERY_MS, shareOf, spokenProgress, timeLeft } from './progress-words.ts';
import { titlesIn } from './speech.ts';
import { ActFault, Foot, FootNote, LineBox } from './step-parts.tsx';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  total: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    alignItems: 'baseline',
    fontVariantNumeric: 'tabular-nums',
    marginBlockEnd: tokens.spacingVerticalXS,
  },
  count: {
    fontSize: tokens.fontSizeBase500,
    lineHeight: tokens.lineHeightBase500,
    fontWeight: tokens.fontWeightSemibold,
  },
  now: {
    margin: `${tokens.spacingVerticalS} 0 0`,
    minHeight: tokens.lineHeightBase200,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
  },
  list: { listStyleType: 'none', margin: `${tokens.spacingVerticalS} 0 ${tokens.spacingVerticalL}`, padding: 0 },
  row: {
    display: 'grid',
    gridTemplateColumns: '22px minmax(0, 1fr) minmax(48px, 168px) 22px',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    minHeight: '64px',
    borderBlockEndWidth: '1px',
    borderBlockEndStyle: 'solid',
    borderBlockEndColor: tokens.colorNeutralStroke3,
  },
  icon: { fontSize: '22px', color: tokens.coInk, lineHeight: 0 },
  words: { display: 'grid', minWidth: 0 },
  note: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
  },
});

export interface ProgressStepProps {
  readonly view: RestoreView;
  readonly progress: RestoreProgress;
  readonly act: Act;
  readonly onLeave: () => void;
}

/** Titles named at once. */
const NAMED = 2;

export function ProgressStep({ progress, act, onLeave }: ProgressStepProps) {
  const here = useHere();
  const { say } = here;
  const styles = useStyles();
  const { done, total } = shareOf(progress);
  const left = timeLeft(progress, here.now, say);
  const spoken = useSeldom(spokenProgress(progress, say));
  const { undoValues, current } = progress;
  return (
    <>
      <PageHead
        size="setup"
        title={say('restore.running')}
        lead={say('restore.runningFrom', { device: progress.deviceName })}
      />
      {progress.goingOn ? (
        <LineBox state="fine" strong={say('restore.goingOn')}>
          {say('restore.goingOnMore')}
        </LineBox>
      ) : null}
      <div className={styles.total}>
        <span className={styles.count}>{say('restore.ofTotal', { n: done, total })}</span>
        <span>{left ?? ''}</span>
      </div>
      <ProgressBar thickness="large" value={done} max={Math.max(1, total)} aria-label={say('restore.running')} />
      <p className={styles.now}>
        {current.length === 0 ? '' : say('restore.nowAt', { titles: titlesIn(current, NAMED, say) })}
      </p>
      <ul className={styles.list}>
        <Row
          icon={<ShieldCheckmarkRegular aria-hidden />}
          title={say('restore.undoPoint')}
          note={
            undoValues === undefined ? say('restore.undoPointSaving') : say('restore.undoPointSaved', { n: undoValues })
          }
          share={{ done: undoValues === undefined ? 0 : 1, total: 1 }}
          isMoving={undoValues === undefined}
        />
        {progress.categories.map((category) => (
          <CategoryRow key={category.category} progress={progress} {...category} />
        ))}
      </ul>
      <VisuallyHidden>
        <span role="status">{spoken}</span>
      </VisuallyHidden>
      <ActFault error={act.error} />
      <Foot start={<FootNote>{say('restore.closeNote')}</FootNote>}>
        <Button size="large" appearance="primary" disabledFocusable={act.isBusy} onClick={onLeave}>
          {say('restore.useNow')}
        </Button>
      </Foot>
    </>
  );
}

interface CategoryRowProps extends CategoryProgress {
  readonly progress: RestoreProgress;
}

function CategoryRow({ category, done, total, progress }: CategoryRowProps) {
  const { say } = useHere();
  const waits = category === 'apps' && progress.appsWait;
  const count = say('restore.ofTotal', { n: done, total });
  return (
    <Row
      icon={<CategoryIcon category={category} />}
      title={say(`category.${category}`)}
      note={waits ? `${count}. ${say('restore.appsWait')}` : count}
      share={{ done, total }}
      isMoving={done > 0 && !waits}
      waits={waits}
    />
  );
}

interface RowProps {
  readonly icon: ReactNode;
  readonly title: string;
  readonly note: string;
  readonly share: { readonly done: number; readonly total: number };
  readonly isMoving: boolean;
  readonly waits?: boolean;
}

function Row({ icon, title, note, share: { done, total }, isMoving, waits = false }: RowProps) {
  const { say } = useHere();
  const styles = useStyles();
  const titleId = useId();
  const isDone = done === total;
  return (
    <li className={styles.row}>
      <span className={styles.icon}>{icon}</span>
      <span className={styles.words}>
        <span id={titleId}>{title}</span>
        <span className={styles.note}>{note}</span>
      </span>
      <ProgressBar thickness="large" value={done} max={Math.max(1, total)} aria-labelledby={titleId} />
      <span>
        {isDone ? (
          <>
            <StateIcon state="fine" />
            <VisuallyHidden>{say('restore.finished')}</VisuallyHidden>
          </>
        ) : waits ? (
          <StateIcon state="waiting" />
        ) : isMoving ? (
          <Spinner size="extra-tiny" aria-hidden />
        ) : null}
      </span>
    </li>
  );
}

/** `sentence` as it was when it was last read out: a new one at most every SPEAK_EVERY_MS. */
function useSeldom(sentence: string): string {
  const [spoken, setSpoken] = useState(sentence);
  const newest = useRef(sentence);
  useEffect(() => {
    newest.current = sentence;
  }, [sentence]);
  useEffect(() => {
    const timer = setInterval(() => setSpoken(newest.current), SPEAK_EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return spoken;
}
