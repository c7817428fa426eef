/** What the settings page asks of the agent: one function for each request of model/local-pages.ts. Errors: as local-client.ts. */

import type { HistoryLine, SettingsView, SwitchBody, UndoView } from '@carryover/model/local-pages';
import type { Language } from '@carryover/model/reasons';
import type { AskLocal } from '../shared/local-client.ts';

export interface SettingsClient {
  view(language: Language, signal?: AbortSignal): Promise<SettingsView>;
  backUp(): Promise<void>;
  stopBackup(): Promise<void>;
  switchOver(wish: SwitchBody): Promise<void>;
  history(signal?: AbortSignal): Promise<readonly HistoryLine[]>;
  undoView(language: Language): Promise<UndoView>;
  undo(): Promise<void>;
}

export function settingsClient(ask: AskLocal): SettingsClient {
  return {
    view: (language, signal) => ask({ path: 'settings', query: { language }, ...(signal && { signal }) }),
    backUp: () => ask({ path: 'backup', method: 'POST' }),
    stopBackup: () => ask({ path: 'backup', method: 'DELETE' }),
    switchOver: (body) => ask({ path: 'preferences', method: 'PUT', body }),
    history: async (signal) =>
      (await ask<{ value: HistoryLine[] }>({ path: 'history', ...(signal && { signal }) })).value,
    undoView: (language) => ask({ path: 'undo', query: { language } }),
    undo: () => ask({ path: 'undo', method: 'POST' }),
  };
}
