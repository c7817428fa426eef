/** Settings views for tests: an enrolled PC whose backup is in time, with only what matters changed. */

import type { CategorySwitch, SettingsView } from '@carryover/model/local-pages';
import { CATEGORIES, type Category } from '@carryover/model/setting';

export const ORGANIZATION = 'Auental County';

export function aSettingsView(changes: Partial<SettingsView> = {}): SettingsView {
  return {
    device: { name: 'AUE-LT-2291', osName: 'Debian GNU/Linux 13', platform: 'linux' },
    organization: ORGANIZATION,
    person: { displayName: 'Lena Brandt', userPrincipalName: 'lena.brandt@auental.example' },
    agentVersion: '0.1.0',
    asOf: '2026-11-25T08:51:00Z',
    backup: {
      obstacles: [],
      last: { at: '2026-11-24T16:42:00Z', settingCount: 41, appCount: 23, kinds: ['image'] },
      nextAt: '2026-12-02T16:42:00Z',
    },
    categories: CATEGORIES.map((category) => aSwitch(category)),
    ...changes,
  };
}

export function aSwitch(category: Category, changes: Partial<CategorySwitch> = {}): CategorySwitch {
  return { category, on: true, changeable: true, waiting: false, ...changes };
}

/** Nothing can be switched: the organization has not turned backup on. */
export function anOffView(): SettingsView {
  const reason = { code: 'notSwitchedOn', facts: { org: ORGANIZATION } } as const;
  return aSettingsView({
    backup: { obstacles: [reason] },
    categories: CATEGORIES.map((category) => aSwitch(category, { on: false, changeable: false, reason })),
  });
}
