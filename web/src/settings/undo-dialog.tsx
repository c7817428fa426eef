/** Asks before a restore is taken back: what goes back, what the person changed since, what stays. */

import type { UndoView } from '@carryover/model/local-pages';
import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from '@fluentui/react-components';
import { type Here, moment } from './status.ts';

export interface UndoDialogProps {
  readonly view: UndoView;
  /** Closed, it stays: taken away while open, Fluent would leave the page behind it hidden from screen readers. */
  readonly isOpen: boolean;
  readonly here: Here;
  readonly onCancel: () => void;
  readonly onUndo: () => void;
}

export function UndoDialog({ view, isOpen, here, onCancel, onUndo }: UndoDialogProps) {
  const { say } = here;
  const { restoredAt, back, kept, appsStay } = view;
  return (
    <Dialog open={isOpen} onOpenChange={(_, { open }) => !open && onCancel()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{say('settings.undoQuestion', { when: moment(restoredAt, here) })}</DialogTitle>
          <DialogContent>
            <p>{say('settings.undoBack', { n: back })}</p>
            {kept.length === 0 ? null : <p>{say('settings.undoKept', { n: kept.length, titles: kept.join(', ') })}</p>}
            {appsStay === 0 ? null : <p>{say('settings.undoApps', { n: appsStay })}</p>}
            <p>{say('settings.undoBackups')}</p>
          </DialogContent>
          <DialogActions>
            <Button onClick={onCancel}>{say('settings.undoCancel')}</Button>
            <Button appearance="primary" onClick={onUndo}>
              {say('settings.undoDo')}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
