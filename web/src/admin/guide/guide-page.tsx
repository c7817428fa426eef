/**
 * The first-run guide: from an empty organization to the first PC that was carried over.
 *
 * Steps turn green by themselves, because the service computes them. The open one is the first that is not done, until
 * somebody chooses another.
 */

import type { FirstRun, FirstRunStepId } from '@carryover/model/admin';
import { Button, makeStyles, ProgressBar } from '@fluentui/react-components';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { PageHead } from '../../shared/page-head.tsx';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin.ts';
import { holdsOneOf, useSession } from '../session.tsx';
import { Reading } from '../shell/reading.tsx';
import { Trouble } from '../shell/trouble.tsx';
import { useCardStyles } from '../shell/use-card-styles.ts';
import { doneOf, MAY_SKIP, nextOf, useFirstRun, useSkipping } from './first-run.ts';
import { StepDetail } from './step-detail.tsx';
import { StepList } from './step-list.tsx';

const useStyles = makeStyles({
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 420px) minmax(0, 1fr)',
    alignItems: 'start',
    gap: tokens.spacingHorizontalL,
    '@media (max-width: 1000px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  skip: { display: 'grid', justifyItems: 'end', rowGap: tokens.spacingVerticalXS },
  count: { margin: `0 0 ${tokens.spacingVerticalS}`, fontWeight: tokens.fontWeightSemibold },
  foot: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    marginBlockStart: tokens.spacingVerticalXXL,
  },
});

export function GuidePage() {
  const say = useWords();
  const firstRun = useFirstRun();
  const finished = firstRun.data?.finished === true;
  return (
    <>
      <PageHead
        size="admin"
        title={say(finished ? 'guide.finished' : 'guide.title')}
        lead={say(finished ? 'guide.finishedLead' : 'guide.lead')}
        actions={firstRun.data === undefined || finished ? undefined : <Skip skipped={firstRun.data.skipped} />}
      />
      <Reading of={firstRun} rows={9}>
        {(data) => <Guide firstRun={data} />}
      </Reading>
    </>
  );
}

function Guide({ firstRun }: { readonly firstRun: FirstRun }) {
  const say = useWords();
  const styles = useStyles();
  const cards = useCardStyles();
  const [chosen, setChosen] = useState<FirstRunStepId>();
  const { steps } = firstRun;
  const open = steps.find(({ id }) => id === chosen) ?? nextOf(firstRun);
  if (open === undefined) return null;
  const index = steps.indexOf(open);
  const [before, after] = [steps[index - 1], steps[index + 1]];
  const done = say('guide.count', { n: doneOf(firstRun), total: steps.length });
  return (
    <div className={styles.columns}>
      <section className={cards.card} aria-label={say('guide.steps')}>
        <p className={styles.count}>{done}</p>
        <ProgressBar aria-label={done} value={doneOf(firstRun)} max={steps.length} />
        <StepList steps={steps} open={open.id} onOpen={setChosen} />
      </section>
      <section className={cards.card} aria-labelledby="step-title">
        <StepDetail step={open} number={index + 1} total={steps.length} />
        <div className={styles.foot}>
          <Button disabled={before === undefined} onClick={() => setChosen(before?.id)}>
            {say('guide.back')}
          </Button>
          <Button
            appearance={open.done ? 'primary' : 'secondary'}
            disabled={after === undefined}
            onClick={() => setChosen(after?.id)}
          >
            {say('guide.next')}
          </Button>
        </div>
      </section>
    </div>
  );
}

function Skip({ skipped }: { readonly skipped: boolean }) {
  const say = useWords();
  const styles = useStyles();
  const cards = useCardStyles();
  const { roles } = useSession();
  const navigate = useNavigate();
  const skipping = useSkipping();
  const may = holdsOneOf(roles, MAY_SKIP);
  const toggle = () =>
    skipping.mutate(!skipped, {
      onSuccess: () => {
        if (!skipped) void navigate({ to: '/' });
      },
    });
  return (
    <div className={styles.skip}>
      <Button disabled={!may || skipping.isPending} onClick={toggle}>
        {say(skipped ? 'guide.resume' : 'guide.skip')}
      </Button>
      {may ? null : <span className={cards.second}>{say('admin.needsRole', { roles: MAY_SKIP.join(', ') })}</span>}
      {skipping.error === null ? null : <Trouble error={skipping.error} roles={MAY_SKIP} />}
    </div>
  );
}
