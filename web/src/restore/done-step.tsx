/** Done: how much came over, what did not with reason and remedy, every item on request, and the way back. */

import type { RestoreResult, RestoreView } from '@carryover/model/local-pages';
import { Button, makeStyles, useRestoreFocusTarget } from '@fluentui/react-components';
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { useState } from 'react';
import { CopyText } from '../shared/copy-text.tsx';
import { PageHead } from '../shared/page-head.tsx';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import { day } from '../shared/when.ts';
import { ItemList } from './item-list.tsx';
import { NotBrought } from './not-brought.tsx';
import { type Counts, countsOf, isAllFailed, notBrought, reportText } from './outcome.ts';
import type { RestoreClient } from './restore-client.ts';
import { firstName, spanOf, titlesIn } from './speech.ts';
import { ActFault, Foot, FootNote, LineBox } from './step-parts.tsx';
import { UndoDialog } from './undo-dialog.tsx';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  counts: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(180px, 100%), 1fr))',
    gap: tokens.spacingHorizontalXL,
    margin: `0 0 ${tokens.spacingVerticalXXXL}`,
    padding: 0,
    listStyleType: 'none',
    maxWidth: '768px',
  },
  count: {
    borderInlineStartWidth: '1px',
    borderInlineStartStyle: 'solid',
    borderInlineStartColor: tokens.colorNeutralStroke2,
    paddingInlineStart: tokens.spacingHorizontalXL,
    fontVariantNumeric: 'tabular-nums',
    ':first-child': { borderInlineStartStyle: 'none', paddingInlineStart: 0 },
  },
  number: {
    fontSize: tokens.fontSizeHero700,
    lineHeight: tokens.lineHeightHero700,
    fontWeight: tokens.fontWeightSemibold,
  },
  what: { color: tokens.colorNeutralForeground2 },
  start: { display: 'grid', justifyItems: 'start' },
});

export interface DoneStepProps {
  readonly view: RestoreView;
  readonly result: RestoreResult;
  readonly client: RestoreClient;
  readonly act: Act;
  readonly onLeave: () => void;
}

export function DoneStep(props: DoneStepProps) {
  const { result, client, act } = props;
  const [isListed, setListed] = useState(false);
  const [dialog, setDialog] = useState<'never' | 'open' | 'closed'>('never');
  return (
    <>
      {result.undone !== undefined ? (
        <Undone {...props} />
      ) : isListed ? (
        <ItemList result={result} onBack={() => setListed(false)} />
      ) : (
        <Result {...props} onAll={() => setListed(true)} onUndo={() => setDialog('open')} />
      )}
      {/* Beside what it undoes: taken away while it closes, it would leave the rest of the page shut. */}
      {dialog === 'never' ? null : (
        <UndoDialog isOpen={dialog === 'open'} client={client} act={act} onClose={() => setDialog('closed')} />
      )}
    </>
  );
}

interface ResultProps extends DoneStepProps {
  readonly onAll: () => void;
  readonly onUndo: () => void;
}

function Result({ view, result, client, act, onLeave, onAll, onUndo }: ResultProps) {
  const here = useHere();
  const { say, language } = here;
  const { items, deviceName, durationMs, reported } = result;
  const left = notBrought(items);
  const allFailed = isAllFailed(items);
  const name = firstName(view.person?.displayName);
  const time = spanOf(durationMs, say);
  const title = allFailed
    ? say('restore.allFailed')
    : name === undefined
      ? say('restore.doneNobody')
      : say('restore.done', { name });
  const lead = allFailed
    ? say('restore.allFailedLead', { device: deviceName })
    : say(left.length === 0 ? 'restore.doneLead' : 'restore.partlyLead', { device: deviceName, time });
  return (
    <>
      <PageHead size="setup" title={title} lead={lead} />
      <CountList items={items} />
      {left.length === 0 ? <LineBox state="fine" strong={say('restore.everything')} /> : <NotBrought items={left} />}
      {reported ? null : <LineBox state="waiting" strong={say('restore.reportLater')} />}
      {left.length === 0 ? null : (
        <CopyText hidden text={reportText(result, language)} label={say('restore.copyReport')} />
      )}
      <ActFault error={act.error} />
      <Foot start={<Undo result={result} act={act} onUndo={onUndo} />}>
        {items.some(({ status }) => status === 'failed') ? (
          <Button size="large" disabledFocusable={act.isBusy} onClick={() => void act.run(client.apply)}>
            {say('common.tryAgain')}
          </Button>
        ) : null}
        {items.length === 0 ? null : (
          <Button size="large" onClick={onAll}>
            {say('restore.all', { n: items.length })}
          </Button>
        )}
        <Button size="large" appearance="primary" disabledFocusable={act.isBusy} onClick={onLeave}>
          {say('restore.desktop')}
        </Button>
      </Foot>
    </>
  );
}

function CountList({ items }: Pick<RestoreResult, 'items'>) {
  const { say } = useHere();
  const styles = useStyles();
  const { settings, apps, files } = countsOf(items);
  const shown: readonly { readonly counts: Counts; readonly of: string; readonly are: string }[] = [
    { counts: settings, of: say('restore.ofSettings', { n: settings.of }), are: say('restore.asYouHad') },
    { counts: apps, of: say('restore.ofApps', { n: apps.of }), are: say('restore.installed') },
    { counts: files, of: say('restore.ofFiles', { n: files.of }), are: say('restore.inPlace') },
  ];
  return (
    <ul className={styles.counts}>
      {shown
        .filter(({ counts }) => counts.of > 0)
        .map(({ counts, of, are }) => (
          <li key={are} className={styles.count}>
            <div>
              <span className={styles.number}>{counts.done}</span> {of}
            </div>
            <div className={styles.what}>{are}</div>
          </li>
        ))}
    </ul>
  );
}

/** While it can be taken back, the button that asks; afterwards until when it could. */
function Undo({ result: { undoUntil }, act, onUndo }: Pick<ResultProps, 'result' | 'act' | 'onUndo'>) {
  const here = useHere();
  const { say } = here;
  const styles = useStyles();
  /** Where the focus goes when the question is closed. */
  const returnHere = useRestoreFocusTarget();
  if (undoUntil === undefined) return null;
  const date = day(undoUntil, here.now, here);
  if (Date.parse(undoUntil) <= here.now.getTime()) return <FootNote>{say('restore.undoEnded', { date })}</FootNote>;
  return (
    <div className={styles.start}>
      <Button
        size="large"
        appearance="subtle"
        icon={<ArrowUndoRegular />}
        disabledFocusable={act.isBusy}
        onClick={onUndo}
        {...returnHere}
      >
        {say('restore.undo')}
      </Button>
      <FootNote>{say('restore.undoUntil', { date })}</FootNote>
    </div>
  );
}

function Undone({ result, act, onLeave }: DoneStepProps) {
  const { say } = useHere();
  const { undone, deviceName } = result;
  if (undone === undefined) return null;
  const { back, kept, failed, appsStay } = undone;
  return (
    <>
      <PageHead
        key="undone"
        size="setup"
        title={say('restore.undone')}
        lead={say('restore.undoneLead', { device: deviceName })}
      />
      <LineBox state="fine" strong={say('restore.undoneBack', { n: back })} />
      {kept.length === 0 ? null : (
        <p>{say('restore.undoKept', { n: kept.length, titles: titlesIn(kept, kept.length, say) })}</p>
      )}
      {appsStay === 0 ? null : <p>{say('restore.undoApps', { n: appsStay })}</p>}
      {failed.length === 0 ? null : (
        <LineBox
          state="failing"
          strong={say('restore.undoneFailed', { n: failed.length, titles: titlesIn(failed, failed.length, say) })}
        />
      )}
      <ActFault error={act.error} />
      <Foot>
        <Button size="large" appearance="primary" disabledFocusable={act.isBusy} onClick={onLeave}>
          {say('restore.desktop')}
        </Button>
      </Foot>
    </>
  );
}
