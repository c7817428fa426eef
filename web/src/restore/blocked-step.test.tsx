import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalFault, RestoreView, UpdatesView } from '@carryover/model/local-pages';
import type { Language } from '@carryover/model/reasons';
import { render } from '../../testing/render.tsx';
import { fetchWords } from '../shared/words/restore.ts';
import { BlockedStep } from './blocked-step.tsx';
import { restoreClient } from './restore-client.ts';

const TOO_OLD = { code: 'buildTooOld', facts: { build: '11', family: 'Debian', needed: '12' } } as const;
const OFFERED = { ...TOO_OLD, remedy: 'installUpdates' } as const;

interface Moment {
  readonly updates?: UpdatesView;
  readonly reasons?: LocalFault['reasons'];
  readonly platform?: 'linux' | 'windows';
  readonly language?: Language;
}

async function blocked({ updates, reasons = [OFFERED], platform = 'linux', language = 'en' }: Moment = {}) {
  await fetchWords(language);
  const fault: LocalFault = { code: 'notAllowed', message: 'Not here.', reasons, at: '2026-11-25T09:30:00Z' };
  const view: RestoreView = {
    device: { name: 'AUE-LT-0417', osName: 'Debian GNU/Linux 11', platform },
    organization: 'Auental County',
    mode: 'setup',
    stage: { kind: 'blocked', fault },
  };
  const asked: string[] = [];
  const client = restoreClient(async ({ path, method = 'GET' }) => {
    asked.push(`${method} ${path}`);
    return undefined as never;
  });
  const act = { run: (work: () => Promise<void>) => work(), isBusy: false, error: undefined };
  const page = await render(<BlockedStep {...{ view, fault, updates, client, act }} />, { language });
  return { page, asked };
}

test('the button is there where a reason offers it, and asks for the updates', async () => {
  const { page, asked } = await blocked();

  await page.click(page.get('button', 'Install quality updates'));

  assert.deepEqual(asked, ['POST restore/update-system']);
  assert.match(page.text(), /Auental County lets you install the quality updates/);
  await page[Symbol.asyncDispose]();
});

test('without that offer there is no word of it', async () => {
  const { page } = await blocked({ reasons: [TOO_OLD] });

  assert.deepEqual(page.findAll('button', 'Install quality updates'), []);
  assert.doesNotMatch(page.text(), /Quality updates/);
  await page[Symbol.asyncDispose]();
});

test('on Windows the button says that it opens Windows Update, and afterwards what to do there', async () => {
  const { page } = await blocked({ platform: 'windows', updates: { how: 'opened' } });

  page.get('button', 'Open Windows Update');
  assert.match(page.text(), /Windows Update is open\. Install there what it finds/);
  await page[Symbol.asyncDispose]();
});

test('while they are installed neither button begins anything', async () => {
  const { page, asked } = await blocked({ updates: { how: 'installing' } });

  for (const name of ['Install quality updates', 'Try again']) {
    const button = page.get('button', name);
    assert.equal(button.getAttribute('aria-disabled'), 'true');
    await page.click(button);
  }

  assert.deepEqual(asked, []);
  await page[Symbol.asyncDispose]();
});

const FAULT: LocalFault = { code: 'updateFailed', message: 'No key.', reasons: [], at: '2026-11-25T09:30:00Z' };
const SAID: readonly (readonly [UpdatesView, RegExp, RegExp])[] = [
  [{ how: 'looking' }, /Looking for quality updates/, /werden gesucht/],
  [{ how: 'installing' }, /It goes on when you close this window/, /Es geht weiter/],
  [{ how: 'none' }, /No quality updates wait/, /liegen keine Qualitätsupdates vor/],
  [{ how: 'installed' }, /They were not enough/, /Sie reichen nicht/],
  [{ how: 'restart' }, /Restart this PC/, /Starten Sie diesen PC neu/],
  [{ how: 'failed', fault: FAULT }, /could not be installed\. ?No key/, /nicht installiert werden\. ?No key/],
];
for (const [updates, en, de] of SAID)
  test(`"${updates.how}" is said in the live region, in both languages`, async () => {
    for (const [language, words] of [
      ['en', en],
      ['de', de],
    ] as const) {
      const { page } = await blocked({ updates, language });
      const [status] = page.findAll('status');
      assert.match(status?.textContent ?? '', words);
      await page[Symbol.asyncDispose]();
    }
  });
