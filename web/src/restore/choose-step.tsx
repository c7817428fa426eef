/** Choose: the person's backups as cards, best first, and a fresh start; "More options" opens on the one chosen. */

import type { Offer, RestoreView } from '@carryover/model/local-pages';
import { Button, makeStyles, mergeClasses, Radio, RadioGroup, shorthands } from '@fluentui/react-components';
import { AddRegular } from '@fluentui/react-icons/svg/add';
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { LaptopRegular } from '@fluentui/react-icons/svg/laptop';
import { OptionsRegular } from '@fluentui/react-icons/svg/options';
import { type ReactNode, useState } from 'react';
import { PageHead } from '../shared/page-head.tsx';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import { NEW_PC } from './first-choice.ts';
import { offerCard, shownOffers } from './offer-card.ts';
import type { Kept } from './options.ts';
import type { RestoreClient } from './restore-client.ts';
import { numberWord } from './speech.ts';
import { ActFault, Foot, FootNote } from './step-parts.tsx';
import { selectionFrom, sumOf } from './ticks.ts';
import { useHere } from './use-here.ts';

const FORCED = '@media (forced-colors: active)';

const useStyles = makeStyles({
  group: { display: 'grid', rowGap: tokens.spacingVerticalM, maxWidth: '768px' },
  card: {
    minHeight: '92px',
    width: '100%',
    borderRadius: tokens.borderRadiusLarge,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    paddingInlineStart: tokens.spacingHorizontalM,
    '& > label': {
      flexGrow: 1,
      minWidth: 0,
      paddingInlineEnd: tokens.spacingHorizontalL,
    },
    // The sign of the choice stands beside the name, not above it.
    '& > .fui-Radio__indicator': { marginBlockStart: '20px' },
  },
  chosen: {
    border: `2px solid ${tokens.colorCompoundBrandStroke}`,
    paddingInlineStart: '11px',
    backgroundColor: tokens.coTint,
    [FORCED]: { border: '3px solid Highlight' },
  },
  newCard: { ...shorthands.borderStyle('dashed'), minHeight: '74px' },
  words: {
    color: tokens.colorNeutralForeground1,
    display: 'flex',
    columnGap: tokens.spacingHorizontalL,
    alignItems: 'flex-start',
    paddingBlock: '6px',
  },
  tile: {
    flexShrink: 0,
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: '40px',
    height: '40px',
    borderRadius: tokens.borderRadiusLarge,
    fontSize: '22px',
    backgroundColor: tokens.colorNeutralBackground3,
    '@media (max-width: 480px)': { display: 'none' },
  },
  chosenTile: { backgroundColor: tokens.coTint2, color: tokens.coInk },
  lines: { minWidth: 0, flexGrow: 1, display: 'grid', rowGap: '1px', overflowWrap: 'anywhere' },
  first: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    columnGap: tokens.spacingHorizontalS,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
  },
  name: { fontWeight: tokens.fontWeightSemibold },
  system: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase300 },
  about: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    fontVariantNumeric: 'tabular-nums',
  },
  note: { color: tokens.coStaleText },
  contents: { fontVariantNumeric: 'tabular-nums' },
  badge: {
    marginInlineStart: 'auto',
    paddingInline: tokens.spacingHorizontalS,
    borderRadius: tokens.borderRadiusCircular,
    backgroundColor: tokens.coTint2,
    border: `1px solid ${tokens.coTintLine}`,
    color: tokens.coInk,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase300,
    fontWeight: tokens.fontWeightSemibold,
  },
  more: { justifySelf: 'start' },
  undoNote: {
    display: 'flex',
    columnGap: tokens.spacingHorizontalXS,
    alignItems: 'center',
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    marginBlock: tokens.spacingVerticalM,
    '& > svg': { flexShrink: 0, fontSize: '16px' },
  },
  start: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
});

export interface ChooseStepProps {
  readonly view: RestoreView;
  readonly offers: readonly Offer[];
  readonly undoDays: number;
  readonly chosen: string;
  readonly onChosen: (profileId: string) => void;
  readonly onMoreOptions: () => void;
  /** What was ticked under "More options" for the chosen backup. */
  readonly kept: Kept | undefined;
  readonly client: RestoreClient;
  readonly act: Act;
}

export function ChooseStep(props: ChooseStepProps) {
  const { view, offers, undoDays, chosen, onChosen, onMoreOptions, kept, client, act } = props;
  const here = useHere();
  const { say } = here;
  const styles = useStyles();
  const [all, setAll] = useState(false);
  const { shown, more } = shownOffers(offers, { all, chosen });
  const hasNone = offers.length === 0;
  const isSetup = view.mode === 'setup';
  return (
    <>
      <PageHead
        key={hasNone ? 'none' : 'some'}
        size="setup"
        title={say(hasNone ? 'restore.none' : 'restore.choose')}
        lead={
          hasNone
            ? noneLead(props, say)
            : say('restore.chooseLead', { n: offers.length, count: numberWord(offers.length, say) })
        }
      />
      <RadioGroup
        className={styles.group}
        aria-label={say('restore.offers')}
        value={chosen}
        onChange={(_, { value }) => onChosen(value)}
      >
        {shown.map((offer) => (
          <OfferChoice key={offer.profileId} offer={offer} view={view} isChosen={offer.profileId === chosen} />
        ))}
        {more > 0 ? (
          <Button appearance="subtle" className={styles.more} onClick={() => setAll(true)}>
            {say('restore.showMore', { n: more })}
          </Button>
        ) : null}
        <Choice value={NEW_PC} isChosen={chosen === NEW_PC} isNew icon={<AddRegular />}>
          <span className={mergeClasses(styles.first, styles.name)}>
            {say(isSetup ? 'restore.new' : 'restore.keep')}
          </span>
          <span className={styles.system}>{say(isSetup ? 'restore.newNote' : 'restore.keepNote')}</span>
        </Choice>
      </RadioGroup>
      {hasNone ? null : (
        <p className={styles.undoNote}>
          <ArrowUndoRegular aria-hidden />
          {say(isSetup ? 'restore.undoNote' : 'restore.undoNoteNow', { n: undoDays })}
        </p>
      )}
      <ActFault error={act.error} />
      <Foot
        start={
          hasNone ? (
            <Button size="large" disabledFocusable={act.isBusy} onClick={() => void act.run(client.check)}>
              {say('restore.lookAgain')}
            </Button>
          ) : (
            <div className={styles.start}>
              <Button
                size="large"
                appearance="subtle"
                icon={<OptionsRegular />}
                disabled={chosen === NEW_PC}
                onClick={onMoreOptions}
              >
                {say('restore.more')}
              </Button>
              {kept === undefined || chosen === NEW_PC ? null : <FootNote>{sumSentence(kept, say)}</FootNote>}
            </div>
          )
        }
      >
        <Button
          size="large"
          appearance="primary"
          disabledFocusable={act.isBusy}
          onClick={() => void act.run(() => decide(client, view, chosen, kept))}
        >
          {say('restore.continue')}
        </Button>
      </Foot>
    </>
  );
}

function noneLead({ view: { person } }: ChooseStepProps, say: ReturnType<typeof useHere>['say']): string {
  return person === undefined
    ? say('restore.noneLeadNobody')
    : say('restore.noneLead', { account: person.userPrincipalName });
}

export function sumSentence({ plan, ticks }: Kept, say: ReturnType<typeof useHere>['say']): string {
  const { settings, apps } = sumOf(plan, ticks);
  return say('restore.sum', {
    settings: say('count.settings', { n: settings }),
    apps: say('count.apps', { n: apps }),
  });
}

/** Records the choice; where nobody is being set up, it is applied at once. */
export async function decide(
  client: RestoreClient,
  { mode }: RestoreView,
  chosen: string,
  kept: Kept | undefined,
): Promise<void> {
  if (chosen === NEW_PC) return client.choose({ kind: 'new' });
  const selection = kept === undefined ? { only: [], skip: [] } : selectionFrom(kept.plan, kept.ticks);
  await client.choose({
    kind: 'profile',
    profileId: chosen,
    ...(kept === undefined ? {} : { seq: kept.plan.seq }),
    ...selection,
  });
  if (mode === 'demand') await client.apply();
}

interface OfferChoiceProps extends Pick<ChooseStepProps, 'view'> {
  readonly offer: Offer;
  readonly isChosen: boolean;
}

function OfferChoice({ offer, view, isChosen }: OfferChoiceProps) {
  const here = useHere();
  const styles = useStyles();
  const card = offerCard(offer, view.device, here);
  return (
    <Choice value={card.profileId} isChosen={isChosen} icon={<LaptopRegular />}>
      <span className={styles.first}>
        <bdi className={styles.name}>{card.name}</bdi>
        <bdi className={styles.system}>{card.system}</bdi>
        {card.recommended ? <span className={styles.badge}>{here.say('restore.recommended')}</span> : null}
      </span>
      <span className={styles.contents}>{card.contents}</span>
      {card.about === '' ? null : (
        <span className={mergeClasses(styles.about, card.hasNote && styles.note)}>{card.about}</span>
      )}
    </Choice>
  );
}

interface ChoiceProps {
  readonly value: string;
  readonly isChosen: boolean;
  readonly isNew?: boolean;
  readonly icon: ReactNode;
  readonly children: ReactNode;
}

function Choice({ value, isChosen, isNew = false, icon, children }: ChoiceProps) {
  const styles = useStyles();
  return (
    <Radio
      value={value}
      className={mergeClasses(styles.card, isNew && styles.newCard, isChosen && styles.chosen)}
      label={
        <span className={styles.words}>
          <span aria-hidden className={mergeClasses(styles.tile, isChosen && styles.chosenTile)}>
            {icon}
          </span>
          <span className={styles.lines}>{children}</span>
        </span>
      }
    />
  );
}
