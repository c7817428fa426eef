/** What the settings page may ask, each answered by the flow. */

import { KnownError } from '@carryover/model/errors';
import type { SwitchBody } from '@carryover/model/local-pages';
import { CATEGORIES } from '@carryover/model/setting';
import { answer, BEGUN, type LocalRoute } from './local-routes.ts';
import type { SettingsFlow } from './settings-flow.ts';

export function settingsRoutes(flow: SettingsFlow): LocalRoute[] {
  return [
    { method: 'GET', path: '/api/settings', handle: async ({ language }) => answer(await flow.view(language)) },
    {
      method: 'POST',
      path: '/api/backup',
      async handle({ keepOpen }) {
        flow.backUp();
        keepOpen(flow.settled());
        return BEGUN;
      },
    },
    {
      method: 'DELETE',
      path: '/api/backup',
      async handle() {
        flow.stopBackup();
        return BEGUN;
      },
    },
    {
      method: 'PUT',
      path: '/api/preferences',
      async handle({ body, language }) {
        await flow.switchTo(switchFrom(body), language);
        return answer(await flow.view(language));
      },
    },
    { method: 'GET', path: '/api/history', handle: async () => answer({ value: await flow.history() }) },
    { method: 'GET', path: '/api/undo', handle: async () => answer(await flow.undoView()) },
    {
      method: 'POST',
      path: '/api/undo',
      async handle({ keepOpen }) {
        await flow.undo();
        keepOpen(flow.settled());
        return BEGUN;
      },
    },
  ];
}

/** Errors: invalidRequest. */
function switchFrom(body: unknown): SwitchBody {
  const { toggle, on } = (body ?? {}) as Partial<Record<keyof SwitchBody, unknown>>;
  const known = [...CATEGORIES, 'preferences' as const].find((one) => one === toggle);
  if (known === undefined || typeof on !== 'boolean')
    throw new KnownError('invalidRequest', 'A switch is {"toggle": a category or "preferences", "on": true or false}.');
  return { toggle: known, on };
}
