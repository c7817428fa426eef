/** Against a stand-in for winget: there is none without a Windows. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { type StandInApp, type StandInPc, standInWinget } from '../../testing/stand-in-winget.ts';
import { wingetWith } from './winget.ts';

const CODE: StandInApp = { id: 'Microsoft.VisualStudioCode', source: 'winget', name: 'Microsoft Visual Studio Code' };
const TODO: StandInApp = { id: '9NBLGGH5R558', source: 'msstore', name: 'Microsoft To Do' };
const LEDGER: StandInApp = { id: 'Corp.Ledger', source: 'corp', name: 'Kassenbuch Größe' };
const DRIVER: StandInApp = { id: 'ARP\\Machine\\X64\\Driver', source: '', name: 'Some driver', unknown: true };

const winget = wingetWith(0);

function aPc(offered: readonly StandInApp[], installed: readonly StandInApp[] = offered) {
  const pc: StandInPc = { offered, installed: installed.map(({ id }) => id), attempts: {} };
  const system = memorySystem({
    run({ program, args }, memory) {
      if (program !== 'winget') return undefined;
      const { exit, stdout, file } = standInWinget(args, pc);
      if (file !== undefined) memory.put(file.path, file.content);
      // As Node tells it on Windows: 32 bits without a sign.
      return { exit: exit >>> 0, stdout, stderr: '' };
    },
  });
  return { pc, system, context: { system, allowedSources: [], snapshot: [] } };
}

const itemOf = ({ id, source, name }: StandInApp) => ({ itemId: `apps.${source}/${id}`, raw: { id, source, name } });

test('lists the installed apps that a source knows, by their names', async () => {
  const { system } = aPc([CODE, TODO, LEDGER, DRIVER]);

  assert.deepEqual(await winget.list(system), {
    items: [
      // The table has no room for the whole name.
      { itemId: `apps.winget/${CODE.id}`, raw: { id: CODE.id, source: 'winget', name: CODE.id } },
      { itemId: `apps.msstore/${TODO.id}`, raw: { id: TODO.id, source: 'msstore', name: 'Microsoft To Do' } },
      { itemId: `apps.winget/corp/${LEDGER.id}`, raw: { id: LEDGER.id, source: 'corp', name: 'Kassenbuch Größe' } },
    ],
    failures: [],
  });
});

test('a PC without apps, and one without winget', async () => {
  assert.deepEqual(await winget.list(aPc([]).system), { items: [], failures: [] });

  const { items, failures } = await winget.list(memorySystem());

  assert.deepEqual([items.length, failures[0]?.reason.code], [0, 'appListUnreadable']);
});

test('an app that is here is the same, another is to come', async () => {
  const { context } = aPc([CODE, TODO], [CODE]);

  const findings = await winget.inspect(context, [itemOf(CODE), itemOf(TODO)]);

  assert.deepEqual(
    [...findings.values()].map(({ same }) => same),
    [true, false],
  );
});

test('an app is installed once', async () => {
  const { pc, context } = aPc([TODO], []);

  const first = await winget.apply(context, itemOf(TODO));
  const second = await winget.apply(context, itemOf(TODO));

  assert.deepEqual([first.status, second.status, pc.attempts[TODO.id]], ['applied', 'unchanged', 1]);
});

test('an app is tried again while another installation is at work', async () => {
  const busy = { ...CODE, answers: [0x8a150102, 0x8a150102] };
  const { pc, context } = aPc([busy], []);

  const outcome = await winget.apply(context, itemOf(CODE));

  assert.deepEqual([outcome.status, pc.attempts[CODE.id]], ['applied', 3]);
});

for (const [answers, status, code] of [
  [[0x8a150109], 'applied', 'appRestartToFinish'],
  [[0x8a15010a], 'failed', 'appRestartFirst'],
  [[0x8a150102, 0x8a150102, 0x8a150102], 'failed', 'appFailed'],
  [[0x8a150019], 'needsElevation', 'appNeedsAdministrator'],
  [[0x8a15001b], 'failed', 'appBlockedByPolicy'],
  [[0x8a15001e], 'failed', 'appRefusedByStore'],
  [[0x8a150107], 'failed', 'appSourceUnreachable'],
  [[1603], 'failed', 'appFailed'],
] as const)
  test(`winget's ${answers.map((answer) => `0x${answer.toString(16)}`).join(', ')} is ${code}`, async () => {
    const { context } = aPc([{ ...TODO, answers }], []);

    const outcome = await winget.apply(context, itemOf(TODO));

    assert.deepEqual([outcome.status, outcome.reason?.code], [status, code]);
    assert.equal(outcome.reason?.facts?.['app'], TODO.name);
  });

test('an app that no source offers is named, and one of the Store with its link', async () => {
  const { context } = aPc([{ ...TODO, answers: [0x8a15001e] }], []);

  const gone = await winget.apply(context, itemOf(CODE));
  const refused = await winget.apply(context, itemOf(TODO));

  assert.equal(gone.reason?.code, 'appNotOffered');
  assert.equal(refused.reason?.facts?.['link'], `ms-windows-store://pdp/?ProductId=${TODO.id}`);
});

for (const raw of [
  null,
  {},
  { id: '--override', source: 'winget' },
  { id: 'A.B', source: '-s' },
  { id: 'a b', source: 'x' },
])
  test(`${JSON.stringify(raw)} describes no app`, async () => {
    const { pc, context } = aPc([CODE], []);

    const outcome = await winget.apply(context, { itemId: 'apps.winget/x', raw });

    assert.deepEqual([outcome.status, outcome.reason?.code, pc.attempts], ['failed', 'badValue', {}]);
  });
