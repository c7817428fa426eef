/** Taking the last restore back: asks first, saying what goes back and what stays, then says what came of it. */

import type { SettingsView, UndoView } from '@carryover/model/local-pages';
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { ArrowUndoRegular } from '@fluentui/react-icons/svg/arrow-undo';
import { useState } from 'react';
import { SettingCard } from '../shared/setting-card.tsx';
import { StateText } from '../shared/state-text.tsx';
import { day } from '../shared/when.ts';
import type { SettingsClient } from './settings-client.ts';
import { type Here, moment } from './status.ts';
import type { Act } from './use-settings.ts';

export interface UndoCardProps {
  readonly view: SettingsView;
  readonly here: Here;
  readonly client: SettingsClient;
  readonly act: Act;
}

export function UndoCard({ view: { undo, undone }, here, client, act }: UndoCardProps) {
  const { say, language, now } = here;
  const [asked, setAsked] = useState<UndoView>();
  const ask = () => act.run(async () => setAsked(await client.undoView(language)));
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
            <Button disabled={act.isBusy} onClick={() => void ask()}>
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
      <Dialog open={asked !== undefined} onOpenChange={(_, { open }) => !open && setAsked(undefined)}>
        <DialogSurface>
          {asked === undefined ? null : (
            <DialogBody>
              <DialogTitle>{say('settings.undoQuestion', { when: moment(asked.restoredAt, here) })}</DialogTitle>
              <DialogContent>
                <p>{say('settings.undoBack', { n: asked.back })}</p>
                {asked.kept.length === 0 ? null : (
                  <p>{say('settings.undoKept', { n: asked.kept.length, titles: asked.kept.join(', ') })}</p>
                )}
                {asked.appsStay === 0 ? null : <p>{say('settings.undoApps', { n: asked.appsStay })}</p>}
                <p>{say('settings.undoBackups')}</p>
              </DialogContent>
              <DialogActions>
                <Button onClick={() => setAsked(undefined)}>{say('settings.undoCancel')}</Button>
                <Button
                  appearance="primary"
                  onClick={() => {
                    setAsked(undefined);
                    void act.run(() => client.undo());
                  }}
                >
                  {say('settings.undoDo')}
                </Button>
              </DialogActions>
            </DialogBody>
          )}
        </DialogSurface>
      </Dialog>
    </>
  );
}
