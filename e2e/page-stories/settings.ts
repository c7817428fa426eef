/** The settings page at moments worth seeing. */

import type { HistoryLine, SettingsView, UndoView } from '../../model/src/local-pages.ts';
import { anOffView, aSettingsView, aSwitch, ORGANIZATION } from '../../web/testing/settings-views.ts';
import { DARK, LIGHT } from '../testing/page-look.ts';
import { Answer, type Answers } from '../testing/page-server.ts';
import { NOW, type PageStory } from '../testing/page-story.ts';

const showing = (view: SettingsView): Answers => ({ 'GET /api/settings': () => view });

const normal = aSettingsView({
  categories: aSettingsView().categories.map(({ category }) =>
    category === 'accounts'
      ? aSwitch(category, {
          on: false,
          reason: { code: 'suggestedOff', facts: { org: ORGANIZATION, category, toggle: category } },
        })
      : aSwitch(category),
  ),
  undo: { from: 'AUE-LT-0417', restoredAt: '2026-11-23T09:34:00Z', until: '2026-12-23T09:34:00Z' },
});

const locked: SettingsView = {
  ...normal,
  categories: normal.categories.map(({ category }) =>
    category === 'accounts'
      ? aSwitch(category, {
          on: false,
          changeable: false,
          reason: { code: 'switchedOffByPolicy', facts: { org: ORGANIZATION, category, policy: 'Baseline 2024' } },
        })
      : aSwitch(category),
  ),
};

const fault = {
  code: 'serviceUnreachable',
  message: 'The service at carryover.auental.example does not answer. Check the network.',
  reasons: [],
  at: NOW,
} as const;

const metered = { code: 'meteredNetwork', facts: { org: ORGANIZATION } } as const;
const lost = { code: 'noContact', facts: { org: ORGANIZATION, days: '30' } } as const;

const backingUp: SettingsView = {
  ...normal,
  backup: {
    ...normal.backup,
    running: { step: 'send', startedAt: NOW, done: 1_300_000, total: 1_900_000 },
  },
};

const backedUp: SettingsView = {
  ...normal,
  backup: {
    ...normal.backup,
    result: {
      unchanged: false,
      sentBytes: 1_320_000,
      leftOut: [{ title: 'Wallpaper', reason: { code: 'needsElevation' } }],
    },
  },
};

const asked: UndoView = {
  from: 'AUE-LT-0417',
  restoredAt: '2026-11-23T09:34:00Z',
  until: '2026-12-23T09:34:00Z',
  back: 36,
  kept: ['Wallpaper', 'Text size'],
  appsStay: 22,
};

const past: readonly HistoryLine[] = [
  { what: 'backup', at: '2026-11-24T16:42:00Z', unchanged: false, settings: 41, apps: 23, leftOut: 1 },
  { what: 'restore', at: '2026-11-23T09:34:00Z', from: 'AUE-LT-0417', done: 39, notDone: 2 },
  { what: 'backupFailed', at: '2026-11-16T12:00:00Z', message: fault.message },
];

const switches: PageStory['ready'] = (page) => page.getByRole('switch').first().waitFor();

export const stories: readonly PageStory[] = [
  {
    name: 'the settings page shows what is remembered',
    address: '/settings',
    answers: showing(normal),
    ready: switches,
    pictures: [
      { file: 'settings', look: LIGHT },
      { file: 'settings-dark', look: DARK },
    ],
  },
  {
    name: 'the settings page says why backup is off',
    address: '/settings',
    answers: showing(anOffView()),
    ready: switches,
    pictures: [{ file: 'settings-off', look: LIGHT }],
  },
  {
    name: 'the settings page names who locked a category',
    address: '/settings',
    answers: showing(locked),
    ready: switches,
  },
  {
    name: 'the settings page says what a backup waits for',
    address: '/settings',
    answers: showing({ ...normal, backup: { ...normal.backup, waits: [metered] } }),
    ready: switches,
  },
  {
    name: 'the settings page says that the service was not reached for too long',
    address: '/settings',
    answers: showing({ ...normal, offline: fault, backup: { ...normal.backup, obstacles: [lost] } }),
    ready: switches,
  },
  { name: 'the settings page backs up', address: '/settings', answers: showing(backingUp), ready: switches },
  {
    name: 'the settings page names what a backup left out',
    address: '/settings',
    answers: showing(backedUp),
    ready: switches,
  },
  {
    name: 'the settings page says why the last backup did not work',
    address: '/settings',
    answers: showing({ ...normal, offline: fault, backup: { ...normal.backup, lastFault: fault } }),
    ready: switches,
  },
  {
    name: 'the settings page asks before it takes a restore back',
    address: '/settings',
    answers: { ...showing(normal), 'GET /api/undo': () => asked },
    ready: async (page) => {
      await page.getByRole('button', { name: /^(Undo|Rückgängig machen)$/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'the settings page tells what happened',
    address: '/settings#history',
    answers: { ...showing(normal), 'GET /api/history': () => ({ value: past }) },
    ready: (page) => page.getByRole('listitem').first().waitFor(),
  },
  {
    name: 'the settings page of a PC that is not enrolled',
    address: '/settings',
    answers: {
      'GET /api/settings': () => new Answer(400, { error: { code: 'notEnrolled', message: 'Not enrolled.' } }),
    },
    ready: (page) => page.getByRole('button', { name: /^(Copy|Kopieren)$/ }).waitFor(),
  },
];
