/** A line of the history in words. Pure. */

import type { HistoryLine } from '@carryover/model/local-pages';
import type { State } from '../shared/state-text.tsx';
import type { Here } from './status.ts';

export interface Deed {
  readonly state: State;
  readonly title: string;
  /** May be empty. */
  readonly details: string;
}

export function deedOf(line: HistoryLine, { say }: Here): Deed {
  switch (line.what) {
    case 'backup': {
      if (line.unchanged) return { state: 'fine', title: say('settings.did.unchanged'), details: '' };
      const counts = [say('count.settings', { n: line.settings }), say('count.apps', { n: line.apps })];
      const left = line.leftOut === 0 ? [] : [say('settings.leftOut', { n: line.leftOut })];
      return {
        state: line.leftOut === 0 ? 'fine' : 'toDo',
        title: say('settings.did.backup'),
        details: [...counts, ...left].join(', '),
      };
    }
    case 'backupFailed':
      return { state: 'failing', title: say('settings.did.backupFailed'), details: line.message };
    case 'restore':
      return {
        state: line.notDone === 0 ? 'fine' : 'toDo',
        title: say('settings.did.restore', { device: line.from }),
        details: say('settings.counts', { done: line.done, left: line.notDone }),
      };
    case 'undo':
      return {
        state: 'fine',
        title: say('settings.did.undo'),
        details: say('settings.undoCounts', { back: line.back, kept: line.kept }),
      };
    case 'setUpAsNew':
      return { state: 'fine', title: say('settings.did.setUpAsNew'), details: '' };
  }
}
