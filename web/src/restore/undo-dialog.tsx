/** Asks before everything is taken back, and says what that would do. */

import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { Waiting } from '../shared/waiting.tsx';
import type { RestoreClient } from './restore-client.ts';
import { momentIn, titlesIn } from './speech.ts';
import { LineBox } from './step-parts.tsx';
import { useHere } from './use-here.ts';
import type { Act } from './use-restore.ts';

export interface UndoDialogProps {
  readonly isOpen: boolean;
  readonly client: RestoreClient;
  readonly act: Act;
  readonly onClose: () => void;
}

export function UndoDialog({ isOpen, client, act, onClose }: UndoDialogProps) {
  const here = useHere();
  const { say, language } = here;
  const { data, error } = useQuery({
    queryKey: ['undo', language],
    queryFn: () => client.undoView(language),
    networkMode: 'always',
    staleTime: 0,
    enabled: isOpen,
  });
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{say('restore.undoAsk')}</DialogTitle>
          <DialogContent>
            {error !== null ? (
              <LineBox state="failing" strong={`${say('restore.undoFailed')}.`} role="alert">
                {error.message}
              </LineBox>
            ) : data === undefined ? (
              <Waiting />
            ) : (
              <>
                <p>{say('restore.undoFrom', { device: data.from, when: momentIn(data.restoredAt, here) })}</p>
                <ul>
                  <li>{say('restore.undoBack', { n: data.back })}</li>
                  {data.kept.length === 0 ? null : (
                    <li>{say('restore.undoKept', { n: data.kept.length, titles: titlesIn(data.kept, 6, say) })}</li>
                  )}
                  {data.appsStay === 0 ? null : <li>{say('restore.undoApps', { n: data.appsStay })}</li>}
                </ul>
                <p>{say('restore.undoSafe')}</p>
              </>
            )}
          </DialogContent>
          <DialogActions fluid>
            <Button onClick={onClose}>{say('restore.undoNo')}</Button>
            <Button
              appearance="primary"
              disabled={data === undefined || act.isBusy}
              onClick={() => {
                onClose();
                void act.run(client.undo);
              }}
            >
              {say('restore.undoYes')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
