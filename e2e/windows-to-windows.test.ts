/**
 * A person's settings go from one Windows PC to another, all of them: carryover.exe as it is delivered, a real service, two
 * PCs of other names and builds. Every place of the catalog in HKEY_CURRENT_USER is changed on the old PC. What is on the
 * PCs is read by reg.exe, not by the agent.
 */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ERRORS } from '../model/src/errors.ts';
import type { Reason } from '../model/src/reasons.ts';
import type { ReportItem } from '../model/src/report.ts';
import { familiesOfCatalog, heldOf, isTakenByItself, NAME_OF_FORMAT, settingsOn } from './testing/changed-settings.ts';
import { lastJournal, startedRestore, undone } from './testing/killed-restore.ts';
import { aPng } from './testing/png.ts';
import { bytesIn, placeText, tableOf } from './testing/registry-text.ts';
import { jsonOf, succeeded } from './testing/story.ts';
import type { WindowsAgent } from './testing/windows-agent.ts';
import { WINDOWS_10_22H2, WINDOWS_11_23H2, WINDOWS_11_24H2 } from './testing/windows-pc.ts';
import {
  aWindowsStory,
  backedUpBy,
  COMING_MEMBERS,
  changeAll,
  exportOf,
  FILES,
  OLD,
  onThisMachine,
  pathInProfile,
  registryOf,
  restored,
  STAYING_ITEMS,
  STAYING_MEMBERS,
  WALLPAPER,
  type WindowsStory,
} from './testing/windows-story.ts';

const SETTINGS = settingsOn(WINDOWS_11_23H2.build).filter(({ setting: { id } }) => id !== NAME_OF_FORMAT);
/** What the catalog had of them when this was written; places of HKEY_LOCAL_MACHINE are none of them. */
const FEWEST_SETTINGS = 280;

let windows: WindowsStory;

before(async () => {
  windows = await aWindowsStory();
});
after(() => windows?.remove());

test('every setting that was changed is on the new PC, the report tells of each, and undo leads back to the byte', async () => {
  const { fresh, backedUp, backup } = windows;
  const former = await exportOf(fresh);
  const formerTable = tableOf(former);
  const formerFiles = await filesOf(fresh);

  const { items, counts } = await restored(fresh);

  const now = await registryOf(fresh);
  assert.ok(SETTINGS.length >= FEWEST_SETTINGS, `only ${SETTINGS.length} settings`);
  for (const one of SETTINGS) {
    const { id } = one.setting;
    assert.notEqual(heldOf(one, backedUp), heldOf(one, formerTable), `${id} was not changed`);
    assert.equal(heldOf(one, now), heldOf(one, isTakenByItself(one) ? backedUp : formerTable), id);
  }
  for (const value of COMING_MEMBERS) assert.equal(now.get(placeText(value)), value.data, placeText(value));
  for (const value of STAYING_MEMBERS) {
    const where = placeText(value);
    assert.equal(now.get(where), formerTable.get(where), where);
  }
  for (const [path, content] of Object.entries(FILES))
    assert.deepEqual(await readFile(await pathInProfile(fresh.pc, path)), content, path);
  const shown = bytesIn(now.get(placeText(WALLPAPER)) ?? '')
    .toString('utf16le')
    .replace('\0', '');
  assert.match(shown, /\\lofoten\.png$/);
  assert.deepEqual(await readFile(onThisMachine(fresh.pc, shown)), aPng({ hue: 200 }));

  const byId = new Map(items.map((item) => [item.id, item]));
  // Wine has no winget, and the backup says so.
  assert.deepEqual(
    backup.failures.map(({ itemId }) => itemId),
    ['apps.winget'],
  );
  assert.equal(byId.size, items.length);
  assert.equal(items.length, backup.settings + backup.apps);
  for (const one of SETTINGS) {
    const status = byId.get(one.setting.id)?.status;
    assert.equal(status, isTakenByItself(one) ? 'applied' : 'skipped', one.setting.id);
  }
  const left = items.filter(({ status }) => status !== 'applied' && status !== 'unchanged');
  assert.deepEqual(
    left.filter(({ reason }) => reason === undefined),
    [],
  );
  assert.deepEqual(codesOf(left), ['deviceBound', 'offByDefault', 'ownerNotHere', 'runsCode']);
  for (const [id, code] of Object.entries(STAYING_ITEMS)) assert.equal(byId.get(id)?.reason?.code, code, id);
  const settingIds = new Set(items.map(({ id }) => id.replace(/\/.*$/, '')));
  assert.deepEqual(
    familiesOfCatalog().filter((id) => !settingIds.has(id)),
    [],
  );
  const counted = Object.values(counts).reduce((sum, count) => sum + count, 0);
  assert.equal(counted, items.length);

  await undone(fresh, former, 'everything');
  assert.deepEqual(await filesOf(fresh), formerFiles);
  for (const path of Object.keys(FILES))
    await assert.rejects(readFile(await pathInProfile(fresh.pc, path)), { code: 'ENOENT' }, path);
});

/** Files of the person's profile, other than the agent's own and caches. */
async function filesOf({ pc }: WindowsAgent): Promise<string[]> {
  const names = await readdir(await pathInProfile(pc, ''), { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && !/AppData\/Local/.test(entry.parentPath))
    .map(({ parentPath, name }) => join(parentPath, name))
    .toSorted();
}

function codesOf(items: readonly ReportItem[]): string[] {
  return [...new Set(items.flatMap(({ reason }) => reason?.code ?? []))].toSorted();
}

test('what can start programs comes when it is named', async () => {
  const { fresh, backedUp } = windows;
  const former = await exportOf(fresh);
  const named = [
    'autostart/Contoso',
    'autostartSwitches/Run\\Contoso',
    'autoplay.photosOnArrival',
    'contrastColors/Window',
  ];

  const { items } = await restored(fresh, OLD, ...named.flatMap((name) => ['--only', name]));

  const applied = items.filter(({ status }) => status === 'applied').map(({ id }) => id);
  assert.deepEqual(applied.toSorted(), named.toSorted());
  const now = await registryOf(fresh);
  for (const value of STAYING_MEMBERS.filter(({ name }) => name === 'Contoso' || name === 'Window'))
    assert.equal(now.get(placeText(value)), backedUp.get(placeText(value)), placeText(value));
  await undone(fresh, former, 'what was named');
});

const POLICY = 'DisablePersonalizationSettingSync';
const POLICY_KEY = 'HKLM\\Software\\Policies\\Microsoft\\Windows\\SettingSync';

test('a toggle that a policy of the new PC locks keeps its category out, and the report says where it was set', async () => {
  const { fresh, backedUp } = windows;
  const former = await exportOf(fresh);
  const formerTable = tableOf(former);
  await fresh.pc.regAdd(POLICY_KEY, POLICY, 'REG_DWORD', '2');
  await fresh.pc.regAdd(POLICY_KEY, `${POLICY}UserOverride`, 'REG_DWORD', '1');

  const { items, withheld, withheldBecause } = await restored(fresh);

  assert.deepEqual(withheld, ['personalization']);
  assert.deepEqual(
    withheldBecause.map(({ code, facts }) => [code, facts?.['policy']]),
    [['switchedOffByPolicy', POLICY_KEY]],
  );
  assert.deepEqual(
    items.filter(({ category }) => category === 'personalization'),
    [],
  );
  const now = await registryOf(fresh);
  for (const one of SETTINGS) {
    const comes = isTakenByItself(one) && one.setting.category !== 'personalization';
    assert.equal(heldOf(one, now), heldOf(one, comes ? backedUp : formerTable), one.setting.id);
  }
  await fresh.pc.must('reg', ['delete', POLICY_KEY, '/f']);
  await undone(fresh, former, 'locked');
});

test('a value changed and a key deleted after the plan was made are restored all the same, and undo leads back to them', async () => {
  const { fresh, backedUp } = windows;
  const former = await exportOf(fresh);
  await stoppedAfterPlanning(former);
  await fresh.pc.regAdd('HKCU\\Control Panel\\Desktop', 'CursorBlinkRate', 'REG_SZ', '777');
  await fresh.pc.must('reg', ['delete', 'HKCU\\Control Panel\\Mouse', '/f']);
  const apps = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Notifications\\Settings';
  await fresh.pc.must('reg', ['delete', `${apps}\\Contoso.Mail`, '/f']);
  const changed = await exportOf(fresh);

  const { items } = await restored(fresh);

  const now = await registryOf(fresh);
  for (const one of SETTINGS)
    if (isTakenByItself(one)) assert.equal(heldOf(one, now), heldOf(one, backedUp), one.setting.id);
  const gone = items.find(({ id }) => id === 'perAppNotifications/Contoso.Mail\\Enabled');
  assert.equal(gone?.reason?.code, 'ownerNotHere');
  await undone(fresh, changed, 'changed after the plan');
  await fresh.pc.regImport(former);
});

/** A restore that is killed once it has written down its plan. One that had changed something by then is taken back. */
async function stoppedAfterPlanning(former: string): Promise<void> {
  const { fresh } = windows;
  for (;;) {
    await startedRestore(fresh, 0);
    if (!(await lastJournal(fresh)).some(({ event }) => event === 'begin')) return;
    await undone(fresh, former, 'killed too late');
  }
}

test('from Windows 10 to 11, a setting whose place moved lands at the new one, one that is gone is told', async () => {
  const { fresh } = windows;
  const formerTable = await registryOf(fresh);
  const ten = await windows.enrolled('PC-TEN', WINDOWS_10_22H2);
  // And so the name of the regional format comes over as well.
  ten.pc.speak('de_DE');
  await changeAll(ten, WINDOWS_10_22H2, formerTable);
  const backup = await backedUpBy(ten);
  const sent = await registryOf(ten);

  const { items } = await restored(fresh, 'PC-TEN');

  fresh.pc.speak('de_DE');
  const now = await registryOf(fresh);
  const byId = new Map(items.map((item) => [item.id, item]));
  assert.equal(byId.size, backup.settings + backup.apps);
  const onEleven = new Map(settingsOn(WINDOWS_11_24H2.build).map((one) => [one.setting.id, one]));
  const moved: string[] = [];
  const gone: string[] = [];
  for (const one of settingsOn(WINDOWS_10_22H2.build)) {
    const { id } = one.setting;
    const { status, reason } = byId.get(id) ?? assert.fail(`${id} is not in the report`);
    const there = onEleven.get(id);
    if (there === undefined) {
      gone.push(id);
      assert.deepEqual([status, reason?.code], ['notOnThisVersion', 'notOnThisVersion'], id);
      assert.equal(heldOf(one, now), undefined, id);
    } else if (isTakenByItself(one)) {
      assert.equal(status, 'applied', id);
      assert.equal(heldOf(there, now), heldOf(one, sent), id);
      if (there.place.key === one.place.key) continue;
      moved.push(id);
      assert.equal(heldOf(one, now), undefined, `${id} at its former place`);
    } else assert.ok(status === 'skipped' && reason !== undefined, id);
  }
  assert.deepEqual(moved.toSorted(), [
    'typing.autocorrect',
    'typing.touch.capitalizeSentences',
    'typing.touch.doubleSpacePeriod',
  ]);
  assert.deepEqual(gone, ['explorer.view.alwaysShowMenus']);
  const name = { key: 'HKEY_CURRENT_USER\\Control Panel\\International', name: 'LocaleName' };
  assert.equal(now.get(placeText(name)), '"de-DE"');

  succeeded(await fresh.agent('undo', '--yes'));

  // What of the format is no setting Wine may have written anew meanwhile.
  fresh.pc.speak('en_US');
  const back = await registryOf(fresh);
  for (const one of onEleven.values()) assert.equal(heldOf(one, back), heldOf(one, formerTable), one.setting.id);
});

const VERSION = 'HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion';

/** Of Windows 11 24H2, in the order in which a PC gets there: R8 (on demand) and R4. */
const GATES = [
  { revision: 4770, command: ['restore', OLD, '--yes', '--json', '--only', 'mouse.pointerSpeed'] },
  { revision: 4946, command: ['backup', '--json'] },
];

test('one revision below what a restore or a backup needs the PC is refused and told why, with exactly that it may', async () => {
  const { fresh } = windows;
  const former = await exportOf(fresh);
  for (const { revision, command } of GATES) {
    await fresh.pc.regAdd(VERSION, 'UBR', 'REG_DWORD', String(revision - 1));
    const refused = await fresh.agent(...command);
    await fresh.pc.regAdd(VERSION, 'UBR', 'REG_DWORD', String(revision));
    const allowed = await fresh.agent(...command);

    const { error } = jsonOf<Refused>(refused);
    const [reason, ...more] = error.innerError.details.reasons;
    assert.deepEqual(
      [refused.exit, error.code, reason?.code, reason?.facts?.['needed'], more],
      [ERRORS.notAllowed.exit, 'notAllowed', 'buildTooOld', `26100.${revision}`, []],
    );
    succeeded(allowed);
  }
  await undone(fresh, former, 'by revisions');
});

interface Refused {
  readonly error: { readonly code: string; readonly innerError: { readonly details: { readonly reasons: Reason[] } } };
}
