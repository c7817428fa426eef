import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import type { HistoryLine, SettingsView, SwitchBody, UndoView } from '@carryover/model/local-pages';
import { render } from '../../testing/render.tsx';
import { anOffView, aSettingsView, aSwitch, ORGANIZATION } from '../../testing/settings-views.ts';
import type { SettingsClient } from './settings-client.ts';
import { SettingsPage } from './settings-page.tsx';

/** An agent in memory: answers with `view`, notes what it is asked to do. */
class MemoryAgent implements SettingsClient {
  readonly asked: (string | SwitchBody)[] = [];
  view_: SettingsView | Error;
  lines: readonly HistoryLine[] = [];

  constructor(view: SettingsView | Error) {
    this.view_ = view;
  }

  async view(): Promise<SettingsView> {
    if (this.view_ instanceof Error) throw this.view_;
    return this.view_;
  }
  async backUp(): Promise<void> {
    this.asked.push('backUp');
  }
  async stopBackup(): Promise<void> {
    this.asked.push('stopBackup');
  }
  async switchOver(wish: SwitchBody): Promise<void> {
    this.asked.push(wish);
  }
  async history(): Promise<readonly HistoryLine[]> {
    return this.lines;
  }
  async undoView(): Promise<UndoView> {
    return {
      from: 'AUE-LT-0417',
      restoredAt: '2026-11-23T09:34:00Z',
      until: '2026-12-23T09:34:00Z',
      back: 36,
      kept: ['Wallpaper'],
      appsStay: 22,
    };
  }
  async undo(): Promise<void> {
    this.asked.push('undo');
  }
}

async function opened(view: SettingsView | Error, fragment = '') {
  window.location.hash = fragment;
  const agent = new MemoryAgent(view);
  const page = await render(<SettingsPage client={agent} />);
  await page.until(() => view instanceof Error || page.findAll('switch').length > 0 || fragment !== '');
  return { agent, page };
}

test('the page says what is backed up and when the next backup comes by itself', async () => {
  const { page } = await opened(aSettingsView());
  await using _ = page;

  assert.match(page.text(), /You're backed up/);
  assert.match(page.text(), /41 settings, 23 apps and your wallpaper/);
  assert.match(page.text(), /Next by .+, by itself\./);
  assert.match(page.text(), new RegExp(`Managed by ${ORGANIZATION}`));
});

test('a backup that waits says for what, and can be asked for right away', async () => {
  const view = aSettingsView();
  const reason = { code: 'meteredNetwork', facts: { org: ORGANIZATION } } as const;
  const { agent, page } = await opened(aSettingsView({ backup: { ...view.backup, waits: [reason] } }));
  await using _ = page;

  assert.match(page.text(), /You're backed up/);
  assert.match(
    page.text(),
    /The next backup waits: This network is metered, and Auental County keeps scheduled backups off/,
  );
  assert.doesNotMatch(page.text(), /by itself\./);
  await page.click(page.get('button', 'Back up now'));
  assert.deepEqual(agent.asked, ['backUp']);
});

test('the first backup waits for the choice of what to bring over', async () => {
  const reason = { code: 'offerOpen', facts: { org: ORGANIZATION, until: '2026-11-30' } } as const;
  const { page } = await opened(
    aSettingsView({ backup: { obstacles: [], nextAt: '2026-11-30T10:00:00Z', waits: [reason] } }),
  );
  await using _ = page;

  assert.match(page.text(), /Not backed up yet ?No backup has been made here\./);
  assert.match(
    page.text(),
    /The first backup waits until you have chosen what to bring over, at most until 2026-11-30\./,
  );
});

test('without contact for too long nothing is said to be switched off', async () => {
  const view = aSettingsView();
  const reason = { code: 'noContact', facts: { org: ORGANIZATION, days: '30' } } as const;
  const { page } = await opened(aSettingsView({ backup: { ...view.backup, obstacles: [reason] } }));
  await using _ = page;

  assert.match(page.text(), /No contact with the service/);
  assert.match(page.text(), /Why nothing is backed up now: Auental County was not reached for more than 30 days/);
  assert.doesNotMatch(page.text(), /Backup is off on this PC|switch this on/);
});

test('back up now asks the agent once, and a running backup can be stopped', async () => {
  const { agent, page } = await opened(aSettingsView());
  await using _ = page;

  await page.click(page.get('button', 'Back up now'));
  await page.until(() => agent.asked.length === 1 && !page.get('button', 'Back up now').hasAttribute('disabled'));
  const view = aSettingsView();
  agent.view_ = {
    ...view,
    backup: { ...view.backup, running: { step: 'send', startedAt: view.asOf, done: 1_300_000, total: 1_900_000 } },
  };
  await page.click(page.get('switch', 'Accessibility'));
  await page.until(() => page.findAll('button', 'Stop').some((button) => !button.hasAttribute('disabled')));

  assert.match(page.text(), /Sending what changed: 1\.3 MB of 1\.9 MB/);
  await page.click(page.get('button', 'Stop'));
  assert.deepEqual(agent.asked, ['backUp', { toggle: 'accessibility', on: false }, 'stopBackup']);
});

test('while the organization has not turned backup on, every switch is grey and the reason stands beside them', async () => {
  const { agent, page } = await opened(anOffView());
  await using _ = page;

  const switches = page.findAll('switch');
  assert.equal(switches.length, 7);
  assert.ok(switches.every((each) => each.hasAttribute('disabled')));
  assert.ok(page.get('button', 'Back up now').hasAttribute('disabled'));
  assert.match(
    page.get('group', "Why you can't switch this on:").textContent ?? '',
    /Auental County has not turned on backup or roaming for this PC\. Ask IT to assign "Enable Windows Backup"\./,
  );
  assert.deepEqual(agent.asked, []);
});

test('a locked category names who manages it, in German', async () => {
  const reason = {
    code: 'switchedOffByPolicy',
    facts: { org: ORGANIZATION, category: 'accounts', policy: 'Baseline 2024' },
  } as const;
  const categories = aSettingsView().categories.map((each) =>
    each.category === 'accounts' ? aSwitch('accounts', { on: false, changeable: false, reason }) : each,
  );
  window.location.hash = '';
  await using page = await render(<SettingsPage client={new MemoryAgent(aSettingsView({ categories }))} />, {
    language: 'de',
  });
  await page.until(() => page.findAll('switch').length > 0);

  assert.ok(page.get('switch', 'Konten, WLAN-Netzwerke und Kennwörter').hasAttribute('disabled'));
  assert.match(page.text(), /Von Auental County verwaltet/);
  assert.match(
    page.text(),
    /Auental County nimmt Konten, WLAN und Kennwörter von der Sicherung aus \(Baseline 2024\)\./,
  );
});

test('what the organization suggests can be turned on', async () => {
  const reason = { code: 'suggestedOff', facts: { org: ORGANIZATION, category: 'other', toggle: 'other' } } as const;
  const categories = aSettingsView().categories.map((each) =>
    each.category === 'other' ? aSwitch('other', { on: false, reason }) : each,
  );
  const { agent, page } = await opened(aSettingsView({ categories }));
  await using _ = page;

  assert.match(page.text(), /Suggested by your organization: off\. You can turn it on/);
  await page.click(page.get('switch', 'Other Windows settings'));
  assert.deepEqual(agent.asked, [{ toggle: 'other', on: true }]);
});

test('a backup that did not work says why and which one was the last good one', async () => {
  const view = aSettingsView();
  const lastFault = {
    code: 'storageFull',
    message: 'The service has no room left.',
    reasons: [],
    at: view.asOf,
  } as const;
  const { page } = await opened({ ...view, backup: { ...view.backup, lastFault } });
  await using _ = page;

  assert.match(page.text(), /The last backup did not work/);
  assert.match(page.text(), /Your last good backup is from/);
  assert.match(page.get('group', 'Why it did not work:').textContent ?? '', /The service has no room left\./);
  assert.ok(page.get('button', 'Try again'));
});

test('what a backup could not take is named with its reason', async () => {
  const view = aSettingsView();
  const leftOut = [{ title: 'Wallpaper', reason: { code: 'needsElevation' } as const }];
  const result = { unchanged: false, sentBytes: 1_320_000, leftOut };
  const { page } = await opened({ ...view, backup: { ...view.backup, result } });
  await using _ = page;

  assert.match(page.text(), /1\.3 MB sent/);
  assert.match(page.text(), /1 item could not be backed up/);
  assert.match(page.text(), /Wallpaper: Only an administrator can change this\./);
});

test('an undo asks first and says what stays', async () => {
  const undo = { from: 'AUE-LT-0417', restoredAt: '2026-11-23T09:34:00Z', until: '2026-12-23T09:34:00Z' };
  const { agent, page } = await opened(aSettingsView({ undo }));
  await using _ = page;

  await page.click(page.get('button', 'Undo'));
  await page.until(() => page.findAll('dialog').length > 0);
  assert.match(page.text(), /36 settings go back to what they were\./);
  assert.match(page.text(), /1 you changed since stays: Wallpaper\./);
  assert.match(page.text(), /22 apps stay installed\./);
  assert.deepEqual(agent.asked, []);

  const [, confirm] = page.findAll('button', 'Undo');
  assert.ok(confirm);
  await page.click(confirm);
  await page.until(() => agent.asked.length > 0);
  assert.deepEqual(agent.asked, ['undo']);
});

test('the history says what happened, newest first as the agent gives it', async () => {
  const { agent, page } = await opened(aSettingsView());
  await using _ = page;
  agent.lines = [
    { what: 'backup', at: '2026-11-24T16:42:00Z', unchanged: false, settings: 41, apps: 23, leftOut: 1 },
    { what: 'restore', at: '2026-11-23T09:34:00Z', from: 'AUE-LT-0417', done: 39, notDone: 2 },
  ];

  await page.settle(() => {
    window.location.hash = '#history';
    window.dispatchEvent(new Event('hashchange'));
  });
  await page.until(() => page.findAll('listitem').length === 2);

  const lines = page.findAll('listitem').map((line) => line.textContent ?? '');
  assert.match(lines[0] ?? '', /Backed up41 settings, 23 apps, 1 item could not be backed up/);
  assert.match(lines[1] ?? '', /Restored from AUE-LT-041739 brought over, 2 not/);
});

test('a PC that is not enrolled says how to enroll it', async () => {
  const { page } = await opened(new KnownError('notEnrolled', 'This PC is not enrolled.'));
  await using _ = page;

  await page.until(() => page.findAll('heading', 'This PC is not enrolled yet').length === 1);
  assert.match(page.text(), /carryover enroll/);
});

test('a window whose opening is over says how to open it again', async () => {
  const { page } = await opened(new KnownError('unauthenticated', 'This window is over.'));
  await using _ = page;

  await page.until(() => page.findAll('heading', 'This window is over').length === 1);
  assert.match(page.text(), /carryover settings/);
});
