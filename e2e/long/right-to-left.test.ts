/**
 * The pages as a language that is written from right to left needs them: everything lies as in a mirror, wide and in 320 px,
 * with nothing that axe finds. The words stay English; it is the page that is turned.
 */

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import type { Overview } from '../../model/src/admin.ts';
import { aDevice } from '../../web/testing/managed-device.ts';
import { setUpOrganization } from '../testing/administrator.ts';
import { misplaced, type Place, placesOf } from '../testing/mirror.ts';
import { hasNoBarrier, scrollsNotSideways } from '../testing/page-checks.ts';
import { LIGHT, showPage, startChromium, writeFrom } from '../testing/page-look.ts';
import { servePages } from '../testing/page-server.ts';
import { allStories, NOW } from '../testing/page-story.ts';
import { type ServiceProcess, startService } from '../testing/service-process.ts';
import { hasAll, isLaidOut, watchRequests } from '../testing/waiting.ts';

const DIRECTIONS = ['ltr', 'rtl'] as const;
const WINDOWS = [
  { width: 1440, height: 900 },
  { width: 320, height: 640 },
] as const;

/** Their pages stand still, so that two openings can be compared. */
const STORIES = [
  'the restore page offers three devices',
  'the restore page shows more options',
  'the restore page brings things over',
  'the restore page is done but for two items',
  'the restore page is blocked',
  'the settings page shows what is remembered',
  'the settings page names who locked a category',
  'the settings page tells what happened',
];

let browser: Browser;
before(async () => {
  browser = await startChromium();
});
after(() => browser?.close());

/** What is where on a page that was opened in this window; from right to left, the page is judged as well. */
async function look(
  page: Page,
  { name, direction, width }: { readonly name: string; readonly direction: 'ltr' | 'rtl'; readonly width: number },
): Promise<readonly Place[]> {
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await hasAll(page);
  await isLaidOut(page);
  const places = await placesOf(page);
  if (direction === 'ltr') return places;
  const folder = process.env['CARRYOVER_SCREENSHOTS'];
  if (folder !== undefined)
    await page.screenshot({ path: join(folder, `${name.replaceAll(' ', '-')}-${width}.png`), fullPage: true });
  assert.equal(await page.evaluate("getComputedStyle(document.querySelector('h1')).direction"), 'rtl');
  await hasNoBarrier(page, name);
  await scrollsNotSideways(page, name);
  return places;
}

function mirrors([one, other]: readonly (readonly (readonly Place[])[])[]): void {
  for (const [index, { width }] of WINDOWS.entries()) {
    const places = one?.[index] ?? [];
    assert.ok(places.length > 20, `only ${places.length} things on the page`);
    assert.deepEqual(misplaced(places, other?.[index] ?? []), [], `in ${width} px`);
  }
}

for (const name of STORIES)
  test(`${name}, from right to left`, async () => {
    const story = (await allStories()).find((one) => one.name === name);
    assert.ok(story, 'there is no such story');
    const server = await servePages(story.answers);
    const seen = [];
    try {
      for (const direction of DIRECTIONS) {
        const places = [];
        for (const window of WINDOWS) {
          const shown = await showPage(browser, {
            url: `${server.url}${story.address}`,
            look: direction === 'rtl' ? { ...LIGHT, direction } : LIGHT,
            window,
            now: story.now ?? NOW,
            ...(story.sessionStorage === undefined ? {} : { sessionStorage: story.sessionStorage }),
          });
          await story.ready(shown.page);
          places.push(await look(shown.page, { name, direction, width: window.width }));
          shown.isHealthy();
          await shown.close();
        }
        seen.push(places);
      }
    } finally {
      await server.stop();
    }

    mirrors(seen);
  });

test('the admin center, from right to left', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-rtl-'));
  const service: ServiceProcess = await startService({ folder });
  t.after(async () => {
    await service.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'Europe/Berlin', reducedMotion: 'reduce' });
  t.after(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  watchRequests(page);
  await setUpOrganization(page, service);
  await page.route('**/beta/carryover/overview', (route) => route.fulfill({ json: OVERVIEW }));
  await page.route('**/v1.0/deviceManagement/managedDevices', (route) => route.fulfill({ json: { value: DEVICES } }));
  await page.route('**/v1.0/deviceManagement/managedDevices/*', (route) => route.fulfill({ json: DEVICES[0] }));
  await page.route('**/beta/carryover/devices/*/policy', (route) => route.fulfill({ json: POLICY }));
  const seen: Record<string, (readonly (readonly Place[])[])[]> = {};
  for (const direction of DIRECTIONS) {
    await writeFrom(page, direction);
    for (const [address, ...areThere] of PAGES) {
      const name = `admin ${address.replaceAll('/', ' ')}`;
      const places = [];
      for (const window of WINDOWS) {
        await page.setViewportSize(window);
        // Opened in its window, and not made wider or narrower: Chromium puts off which rules hold then.
        await page.goto(`${service.url}${address}`);
        for (const text of areThere) await page.getByText(text).first().waitFor();
        places.push(await look(page, { name, direction, width: window.width }));
      }
      seen[address] = [...(seen[address] ?? []), places];
    }
  }

  for (const [address] of PAGES) await t.test(address, () => mirrors(seen[address] ?? []));
});

/** Each with what comes by itself and at its own time: the page is whole when all of it is there. */
const PAGES = [
  ['/admin', 'PC-d1', 'steps are done'],
  ['/admin/guide', 'Put the agent on a first device'],
  ['/admin/devices/d1', 'PC-d2', 'People with backups here', 'Backup, all staff'],
  ['/admin/people', 'Reset password'],
  [
    '/admin/enrollment',
    'Nobody sees the restore page while they set up a PC.',
    'No Autopilot profile',
    'Only with an enrollment token',
    'No token works now.',
  ],
] as const;

const DEVICES = [aDevice('d1'), aDevice('d2', { state: 'overdue' })];

const POLICY = {
  groups: {},
  explained: {
    explanations: [
      {
        member: 'backupEnabled',
        value: true,
        decidedBy: { policy: 'EnableWindowsBackup', origin: { source: 'service', policy: 'Backup, all staff' } },
        others: [],
      },
    ],
    unknown: [],
    blockers: [],
  },
};

const PERSON = { id: 'p1', displayName: 'Lena Brandt', userPrincipalName: 'lena@auental.example' };

const OVERVIEW: Overview = {
  asOf: '2026-11-25T08:51:00Z',
  people: 3,
  devices: 2,
  coverage: { backedUp: 1, overdue: 1, failing: 0, notEligible: 0, notSwitchedOn: 0, never: 0 },
  backupIntervalDays: 8,
  restoresLast30Days: { running: 0, succeeded: 1, failed: 0, undone: 0 },
  setupOutcomes: {
    notApplicable: 0,
    noPolicyAssigned: 1,
    succeeded: 1,
    failed: 0,
    noBackupProfiles: 0,
    setupAsNewPCSelected: 0,
  },
  newestBackups: [{ deviceId: 'd1', deviceName: 'PC-d1', person: PERSON, lastBackupDateTime: '2026-11-20T08:42:00Z' }],
  newestRestores: [],
};
