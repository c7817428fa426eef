/** More options: a point in time, the categories in the side, and what each setting is now and will be. */

import type { Offer, PlanView, RestoreView } from '@carryover/model/local-pages';
import { CATEGORIES, type Category } from '@carryover/model/setting';
import { Button, Field, makeStyles, Select } from '@fluentui/react-components';
import { type ReactNode, useEffect, useState } from 'react';
import { PageHead } from '../shared/page-head.tsx';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import { useAnswer } from '../shared/use-answer.ts';
import { Waiting } from '../shared/waiting.tsx';
import { useLanguage } from '../shared/words/language.tsx';
import { CategoryList } from './category-list.tsx';
import { decide, sumSentence } from './choose-step.tsx';
import { Frame } from './frame.tsx';
import { firstCategory, type Kept, rowsOf } from './options.ts';
import { PlanTable } from './plan-table.tsx';
import type { RestoreClient } from './restore-client.ts';
import { momentFirst } from './speech.ts';
import { ActFault, Foot, LineBox } from './step-parts.tsx';
import { firstTicks, keptTicks, type Ticks, withCategory, withItem } from './ticks.ts';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  point: { minWidth: 'min(268px, 100%)' },
  sum: { fontVariantNumeric: 'tabular-nums', textAlign: 'end' },
  end: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'end',
    gap: tokens.spacingHorizontalL,
  },
});

export interface OptionsStepProps {
  readonly view: RestoreView;
  readonly offer: Offer;
  readonly kept: Kept | undefined;
  readonly onKept: (kept: Kept) => void;
  readonly onBack: () => void;
  /** Stands above everything, e.g. that the connection is gone. */
  readonly notice: ReactNode;
  readonly client: RestoreClient;
  readonly act: Act;
}

export function OptionsStep(props: OptionsStepProps) {
  const { view, offer, kept, onKept, onBack, notice, client, act } = props;
  const here = useHere();
  const { say } = here;
  const styles = useStyles();
  const [wished, setWished] = useState<Category>();
  const { points, plan, error, retry, seq, setSeq } = usePlan(props);
  const shown =
    wished ?? (plan === undefined ? 'personalization' : firstCategory(plan, ['personalization', ...CATEGORIES]));
  const ticks = kept?.ticks ?? new Set<string>();
  const change = (next: Ticks) => plan !== undefined && onKept({ plan, ticks: next });
  const hasNothing = kept === undefined || kept.ticks.size === 0;
  return (
    <Frame
      view={view}
      side={
        <CategoryList
          plan={plan}
          ticks={ticks}
          shown={shown}
          onShow={setWished}
          onTick={(category, on) => plan !== undefined && change(withCategory(plan, ticks, category, on))}
        />
      }
    >
      {notice}
      <PageHead
        size="setup"
        title={say('restore.pick')}
        lead={say('restore.pickLead', { device: offer.deviceName })}
        actions={
          <Field label={say('restore.point')} className={styles.point}>
            <Select size="large" value={String(seq ?? '')} onChange={(_, { value }) => setSeq(Number(value))}>
              {points.map(({ seq: one, takenAt, thin }, place) => (
                <option key={one} value={one}>
                  {pointWords(momentFirst(takenAt, here), { isNewest: place === 0, thin }, say)}
                </option>
              ))}
            </Select>
          </Field>
        }
      />
      {error !== undefined ? (
        <LineBox state="failing" strong={`${say('restore.planFailed')}.`} role="alert">
          {error.message}{' '}
          <Button size="small" onClick={retry}>
            {say('common.tryAgain')}
          </Button>
        </LineBox>
      ) : plan === undefined ? (
        <Waiting rows={7} rowHeight={48} />
      ) : (
        <PlanTable
          title={say(`category.${shown}`)}
          rows={rowsOf(plan, shown)}
          ticks={ticks}
          onTick={(id, on) => change(withItem(plan, ticks, id, on))}
        />
      )}
      <ActFault error={act.error} />
      <Foot
        start={
          <Button size="large" onClick={onBack}>
            {say('common.back')}
          </Button>
        }
      >
        <div className={styles.end}>
          <span className={styles.sum} role="status">
            {kept === undefined ? '' : hasNothing ? say('restore.tickOne') : sumSentence(kept, say)}
          </span>
          <Button
            size="large"
            appearance="primary"
            disabled={hasNothing || plan === undefined}
            disabledFocusable={act.isBusy}
            onClick={() => void act.run(() => decide(client, view, offer.profileId, kept))}
          >
            {say('restore.continue')}
          </Button>
        </div>
      </Foot>
    </Frame>
  );
}

/** The plan of the point in time that is chosen; what was ticked goes with it from one point to the next. */
function usePlan({ offer, kept, onKept, client }: OptionsStepProps) {
  const { language } = useLanguage();
  const { profileId } = offer;
  const [wishedSeq, setSeq] = useState(kept?.plan.seq);
  const points = useAnswer({ key: profileId, ask: () => client.points(profileId) });
  const {
    value: data,
    error,
    refresh,
  } = useAnswer({
    key: `${profileId} ${wishedSeq} ${language}`,
    ask: () => client.plan({ profileId, language, ...(wishedSeq === undefined ? {} : { seq: wishedSeq }) }),
  });
  const shown = kept?.plan;
  useEffect(() => {
    if (data === undefined || data === shown) return;
    onKept({
      plan: data,
      ticks: shown === undefined || kept === undefined ? firstTicks(data) : keptTicks(data, shown, kept.ticks),
    });
  }, [data, shown, kept, onKept]);
  // While another point in time is fetched, the plan of the one before must not be taken for it.
  const isAsked = wishedSeq === undefined || data?.seq === wishedSeq;
  const plan: PlanView | undefined = data !== undefined && data === shown && isAsked ? data : undefined;
  return {
    points: points.value ?? [],
    plan,
    error: plan === undefined ? error : undefined,
    retry: () => void refresh(),
    seq: wishedSeq ?? plan?.seq,
    setSeq,
  };
}

function pointWords(
  when: string,
  { isNewest, thin }: { readonly isNewest: boolean; readonly thin: boolean },
  say: ReturnType<typeof useHere>['say'],
): string {
  if (thin) return say('restore.pointThin', { when });
  return isNewest ? say('restore.pointNewest', { when }) : when;
}
