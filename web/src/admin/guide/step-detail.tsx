/** One step of the guide: what to do, the command or the page that does it, who can, and what the service sees now. */

import type { FirstRunStep } from '@carryover/model/admin';
import { makeStyles, typographyStyles } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { CopyText } from '../../shared/copy-text.tsx';
import { StateText } from '../../shared/state-text.tsx';
import { tokens } from '../../shared/theme.ts';
import { fullTime } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { useSession } from '../session.tsx';
import { useCardStyles } from '../shell/use-card-styles.ts';
import { factOf } from './step-words.ts';

const useStyles = makeStyles({
  title: { ...typographyStyles.subtitle1, margin: 0 },
  part: { ...typographyStyles.body1Strong, margin: `${tokens.spacingVerticalXL} 0 ${tokens.spacingVerticalS}` },
  text: { margin: `0 0 ${tokens.spacingVerticalM}` },
});

/** Where a step is done. */
const PAGES = {
  people: '/people',
  backupPolicy: '/policies',
  restorePage: '/enrollment',
  enrollment: '/enrollment',
} as const;

export interface StepDetailProps {
  readonly step: FirstRunStep;
  /** From 1. */
  readonly number: number;
  readonly total: number;
}

export function StepDetail({ step, number, total }: StepDetailProps) {
  const say = useWords();
  const styles = useStyles();
  const cards = useCardStyles();
  const { language } = useLanguage();
  return (
    <>
      <span className={cards.second}>{say('steps.of', { n: number, total })}</span>
      <h2 id="step-title" className={styles.title}>
        {say(`step.${step.id}`)}
      </h2>
      <h3 className={styles.part}>{say('guide.whatToDo')}</h3>
      <p className={styles.text}>{say(`step.${step.id}.do`)}</p>
      <How step={step} />
      <h3 className={styles.part}>{say('guide.whatWeSee')}</h3>
      <div role="status">
        <StateText state={step.done ? 'fine' : 'waiting'}>{factOf(step, say)}</StateText>
      </div>
      <p className={cards.second}>
        {step.dateTime === null
          ? step.done
            ? null
            : say('guide.waiting')
          : say('guide.doneAt', { time: fullTime(step.dateTime, { language }) })}
      </p>
    </>
  );
}

function How({ step }: { readonly step: FirstRunStep }) {
  const say = useWords();
  const styles = useStyles();
  const cards = useCardStyles();
  const { place } = useSession();
  const { id, roles } = step;
  if (id === 'firstDevice')
    return (
      <>
        <CopyText text={`carryover enroll ${place.enrollmentLink}`} />
        <p className={cards.second}>{say('step.firstDevice.help', { host: new URL(place.enrollmentLink).host })}</p>
      </>
    );
  if (id === 'firstBackup') return <CopyText text="carryover backup" />;
  if (id === 'firstRestore') return <CopyText text="carryover setup" />;
  if (!(id in PAGES)) return null;
  const page = id as keyof typeof PAGES;
  return (
    <>
      <p className={styles.text}>
        <Link to={PAGES[page]} className={cards.link}>
          {say(`step.go.${page}`)}
        </Link>
      </p>
      <p className={cards.second}>{say('guide.who', { roles: roles.join(', ') })}</p>
    </>
  );
}
