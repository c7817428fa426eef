/** The restore page at moments worth seeing: every step, and every state that a step can be in. */

import type { Page } from 'playwright-core';
import { DARK, FORCED, LIGHT } from '../testing/page-look.ts';
import { Answer } from '../testing/page-server.ts';
import type { PageStory } from '../testing/page-story.ts';
import * as sample from '../testing/restore-samples.ts';

const { aView, anOffer, checks, done, hoursAgo, items, running, saying } = sample;

/** The heading of a step; while a step is fetched, another one stands there for screen readers. */
const heading = (page: Page) => page.locator('h1[tabindex="-1"]').waitFor();

/** Each in English and in German, because each story is told in both. */
const MORE_OPTIONS = /^(More options|Weitere Optionen)$/;
const UNDO = /^(Undo everything|Alles rückgängig machen)$/;
const SEE_ALL = /^(See all|Alle) /;

async function openOptions(page: Page): Promise<void> {
  await page.getByRole('button', { name: MORE_OPTIONS }).click();
  await page.getByRole('table').waitFor();
}

const NARROW = { width: 720, height: 900 };
const NEVER = () => new Promise(() => {});

const moments: readonly (Omit<PageStory, 'address' | 'ready'> & { readonly ready?: PageStory['ready'] })[] = [
  {
    name: 'waits for the agent',
    answers: { 'GET /api/restore': NEVER },
    ready: (page) => page.getByRole('status').waitFor(),
  },
  { name: 'asks to sign in', answers: saying(checks(['passed', 'asks'])) },
  {
    name: 'looks for backups',
    firstLoad: true,
    answers: saying(checks(['passed', 'passed', 'passed', 'running'], [{}, {}, {}, { fact: '2' }])),
    pictures: [{ file: 'restore-sign-in', look: LIGHT }],
  },
  {
    name: 'cannot reach the service',
    answers: saying(checks(['failed'], [{ fault: { ...sample.UNREACHABLE, at: hoursAgo(0) } }])),
  },
  {
    name: 'finds a device that may not restore',
    answers: saying(
      checks(
        ['passed', 'passed', 'failed'],
        [
          {},
          {},
          {
            fault: {
              code: 'notAllowed',
              message: 'Restore is not possible on this PC.',
              reasons: [{ code: 'restoreNotSwitchedOn', facts: { org: 'Auental County' } }],
              at: hoursAgo(0),
            },
          },
        ],
      ),
    ),
  },
  {
    name: 'offers three devices',
    answers: saying(sample.CHOOSE),
    pictures: [
      { file: 'restore-choose', look: LIGHT },
      { file: 'restore-choose-dark', look: DARK, window: NARROW },
      { file: 'restore-choose-contrast', look: FORCED, window: NARROW },
    ],
  },
  {
    name: 'offers seven devices',
    answers: saying({
      kind: 'choose',
      undoDays: 30,
      offers: Array.from({ length: 7 }, (_, place) =>
        anOffer({ profileId: `p${place}`, deviceName: `AUE-LT-${place}` }),
      ),
    }),
  },
  { name: 'has no backups', answers: saying({ kind: 'choose', offers: [], undoDays: 30 }) },
  {
    name: 'shows more options',
    answers: saying(sample.CHOOSE),
    ready: openOptions,
    pictures: [{ file: 'restore-more-options', look: LIGHT }],
  },
  {
    name: 'shows more options with nothing ticked',
    answers: saying(sample.CHOOSE),
    ready: async (page) => {
      await openOptions(page);
      for (const box of await page.getByRole('navigation').getByRole('checkbox').all())
        if (await box.isChecked()) await box.uncheck();
    },
  },
  {
    name: 'cannot read what is in a backup',
    answers: saying(sample.CHOOSE, {
      'GET /api/restore/plan': new Answer(500, { error: { code: 'dataDamaged', message: 'A part is damaged.' } }),
    }),
    ready: async (page) => {
      await page.getByRole('button', { name: MORE_OPTIONS }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'keeps a choice',
    answers: saying({
      kind: 'decided',
      choice: { kind: 'profile', deviceName: 'AUE-LT-0417', decidedAt: hoursAgo(0) },
    }),
  },
  {
    name: 'keeps the choice of a new PC',
    answers: saying({ kind: 'decided', choice: { kind: 'new', decidedAt: hoursAgo(0) } }),
  },
  {
    name: 'brings things over',
    answers: saying(running()),
    pictures: [{ file: 'restore-progress', look: LIGHT }],
  },
  {
    name: 'goes on after a restart while apps wait',
    answers: saying(running({ goingOn: true, appsWait: true, current: [] })),
  },
  {
    name: 'is done but for two items',
    answers: saying(done(sample.TWO_LEFT)),
    pictures: [{ file: 'restore-done', look: LIGHT }],
  },
  { name: 'is done with everything', answers: saying(done([...items(12), ...items(3, { kind: 'image' })])) },
  {
    name: 'is done but for many items',
    answers: saying(
      done([
        ...sample.TWO_LEFT,
        ...items(7, {
          status: 'notOnThisVersion',
          reason: { code: 'notOnThisVersion', facts: { system: 'GNOME 48' } },
        }),
      ]),
    ),
  },
  {
    name: 'could bring nothing over and not report it',
    answers: saying(
      done(items(3, { status: 'failed', reason: { code: 'applyFailed', facts: { detail: 'no bus' } } }), {
        reported: false,
        undoUntil: hoursAgo(24),
      }),
    ),
  },
  {
    name: 'lists all items',
    answers: saying(done(sample.TWO_LEFT)),
    ready: async (page) => {
      await page.getByRole('button', { name: SEE_ALL }).click();
      await page.getByRole('table').first().waitFor();
    },
  },
  {
    name: 'asks before it takes everything back',
    answers: saying(done(sample.TWO_LEFT)),
    ready: async (page) => {
      await page.getByRole('button', { name: UNDO }).click();
      await page.getByRole('dialog').getByRole('listitem').first().waitFor();
    },
  },
  {
    name: 'has taken everything back',
    answers: saying(
      done(items(4), { undone: { back: 36, kept: ['Wallpaper', 'Volume'], failed: ['Font'], appsStay: 22 } }),
    ),
  },
  { name: 'is blocked', answers: saying(sample.BLOCKED), pictures: [{ file: 'restore-blocked', look: LIGHT }] },
  {
    name: 'offers quality updates',
    answers: saying(sample.tooOld()),
    pictures: [{ file: 'restore-updates', look: LIGHT }],
  },
  { name: 'installs quality updates', answers: saying(sample.tooOld({ how: 'installing' })) },
  { name: 'asks for a restart after quality updates', answers: saying(sample.tooOld({ how: 'restart' })) },
  {
    name: 'could not install quality updates',
    answers: saying(
      sample.tooOld({
        how: 'failed',
        fault: {
          code: 'updateFailed',
          message: 'The updates could not be installed: Fatal error: not authorized. Ask your IT.',
          reasons: [],
          at: hoursAgo(0),
        },
      }),
    ),
  },
  {
    name: 'belongs to another opening',
    answers: {
      'GET /api/restore': new Answer(401, { error: { code: 'unauthenticated', message: 'Open the page again.' } }),
    },
  },
  {
    name: 'is asked for at the desktop',
    answers: saying(sample.CHOOSE, { 'GET /api/restore': aView(sample.CHOOSE, { mode: 'demand' }) }),
  },
];

export const stories: readonly PageStory[] = moments.map((moment) => ({
  ready: heading,
  ...moment,
  name: `the restore page ${moment.name}`,
  address: '/restore',
}));
