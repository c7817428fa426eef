/** Taking the last restore back: asks first, saying what goes back and what stays, then says what came of it. */

import type { SettingsView, UndoView } from '@carryover/model/local-pages';
import { Button, useRestoreFocusTarget } from '@fluentui/react-components';
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { lazy, Suspense, useState } from 'react';
import { SettingCard } from '../shared/setting-card.tsx';
import { StateText } from '../shared/state-text.tsx';
import type { Act } from '../shared/use-act.ts';
import { day } from '../shared/when.ts';
import type { SettingsClient } from './settings-client.ts';
import { type Here, moment } from './status.ts';

/** Fetched when it is asked for. */
const UndoDialog = lazy(async () => ({ default: (await import('./undo-dialog.tsx')).UndoDialog }));

export interface UndoCardProps {
  readonly view: SettingsView;
  readonly here: Here;
  readonly client: SettingsClient;
  readonly act: Act;
}

export function UndoCard({ view: { undo, undone }, here, client, act }: UndoCardProps) {
  const { say, language, now } = here;
  const [asked, setAsked] = useState<UndoView>();
  const [isOpen, setOpen] = useState(false);
  /** Where the focus goes when the dialog closes. */
  const returnHere = useRestoreFocusTarget();
  const ask = () =>
    act.run(async () => {
      setAsked(await client.undoView(language));
      setOpen(true);
    });
  return (
    <>
      {undo === undefined ? null : (
        <SettingCard
          icon={<ArrowUndoRegular />}
          title={say('settings.undo')}
          description={say('settings.aboutUndo', {
            when: moment(undo.restoredAt, here),
            device: undo.from,
            until: day(undo.until, now, here),
          })}
          control={() => (
            <Button {...returnHere} disabledFocusable={act.isBusy} onClick={() => void ask()}>
              {say('settings.undoDo')}
            </Button>
          )}
        />
      )}
      {undone === undefined ? null : (
        <div role="status">
          <StateText state="fine">{say('settings.undone', { n: undone.back })}</StateText>
          {undone.failed.length === 0 ? null : (
            <StateText state="failing">
              {say('settings.undoneFailed', { n: undone.failed.length, titles: undone.failed.join(', ') })}
            </StateText>
          )}
        </div>
      )}
      {asked === undefined ? null : (
        <Suspense>
          <UndoDialog
            view={asked}
            isOpen={isOpen}
            here={here}
            onCancel={() => setOpen(false)}
            onUndo={() => {
              setOpen(false);
              void act.run(() => client.undo());
            }}
          />
        </Suspense>
      )}
    </>
  );
}
