import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedItem, PlanView } from '@carryover/model/local-pages';
import { restorePlan, type WantedItem } from '@carryover/model/restore-plan';
import { categoryTicks, firstTicks, hasBox, keptTicks, selectionFrom, sumOf, withCategory, withItem } from './ticks.ts';

test('everything that may come over is ticked at first, and needs no selection at all', () => {
  const plan = aPlan([anItem({ id: 'mode' }), anItem({ id: 'accent', step: 'same' }), aCommand()]);

  const ticks = firstTicks(plan);

  assert.deepEqual([...ticks], ['mode', 'accent']);
  assert.deepEqual(selectionFrom(plan, ticks), { only: [], skip: [] });
});

test('an unticked item is skipped by its id, an unticked category by its name', () => {
  const plan = aPlan([
    anItem({ id: 'mode' }),
    anItem({ id: 'accent' }),
    anItem({ id: 'contrast', category: 'accessibility' }),
    anItem({ id: 'cursor', category: 'accessibility', step: 'same' }),
  ]);

  const ticks = withItem(plan, withCategory(plan, firstTicks(plan), 'accessibility', false), 'accent', false);

  assert.deepEqual(selectionFrom(plan, ticks), { only: [], skip: ['accessibility', 'accent'] });
});

test('what is off by default is asked for by name, and the other categories are named beside it', () => {
  const plan = aPlan([
    anItem({ id: 'mode' }),
    anItem({ id: 'accent' }),
    aCommand(),
    anItem({ id: 'lang', category: 'language' }),
  ]);

  const ticks = withItem(plan, withItem(plan, firstTicks(plan), 'command', true), 'accent', false);

  assert.deepEqual(selectionFrom(plan, ticks), { only: ['personalization', 'language', 'command'], skip: ['accent'] });
});

test('a selection makes the plan say exactly what was ticked', () => {
  const wanted = [
    aWanted('mode', 'personalization'),
    aWanted('accent', 'personalization'),
    aWanted('contrast', 'accessibility'),
    { ...aWanted('command', 'other'), flags: ['runsCode', 'defaultOff'] as const },
    aWanted('zone', 'other'),
    aWanted('size', 'accessibility'),
  ];
  const planOf = (only: readonly string[], skip: readonly string[]) =>
    restorePlan(wanted, new Map(wanted.map(({ id }) => [id, { now: 0, nowWords: '0', same: id === 'size' }])), {
      only,
      skip,
      off: new Map(),
    });
  const plan = aPlan(planOf([], []).map((item) => ({ ...item, offByDefault: item.flags.length > 0 })));
  const boxes = plan.items.filter(hasBox).map(({ id }) => id);

  for (let chosen = 0; chosen < 2 ** boxes.length; chosen += 1) {
    let ticks = firstTicks(plan);
    for (const [bit, id] of boxes.entries()) ticks = withItem(plan, ticks, id, (chosen & (1 << bit)) !== 0);
    if (ticks.size === 0) continue;

    const { only, skip } = selectionFrom(plan, ticks);

    const coming = planOf(only, skip).filter(({ step }) => step !== 'leave');
    assert.deepEqual(new Set(coming.map(({ id }) => id)), new Set(ticks), JSON.stringify({ only, skip }));
  }
});

test('a category without a single tick takes what is already the same with it', () => {
  const plan = aPlan([anItem({ id: 'mode' }), anItem({ id: 'accent', step: 'same' })]);

  const ticks = withItem(plan, firstTicks(plan), 'mode', false);

  assert.equal(ticks.size, 0);
  assert.deepEqual(sumOf(plan, ticks), { settings: 0, apps: 0 });
  assert.deepEqual([...withItem(plan, ticks, 'mode', true)].toSorted(), ['accent', 'mode']);
});

test('categories count what is chosen of what is there, and say when there is nothing to tick', () => {
  const plan = aPlan([
    anItem({ id: 'mode' }),
    anItem({ id: 'accent' }),
    anItem({ id: 'bar', step: 'leave', reason: { code: 'lockedByPolicy' } }),
    anItem({ id: 'calc', kind: 'app', category: 'apps' }),
  ]);

  const rows = categoryTicks(plan, withItem(plan, firstTicks(plan), 'accent', false));

  const row = (category: string) => rows.find((one) => one.category === category);
  assert.deepEqual(row('personalization'), {
    category: 'personalization',
    state: 'some',
    changeable: true,
    chosen: 1,
    total: 3,
  });
  assert.deepEqual(row('apps'), { category: 'apps', state: 'all', changeable: true, chosen: 1, total: 1 });
  assert.deepEqual(row('accounts'), { category: 'accounts', state: 'none', changeable: false, chosen: 0, total: 0 });
});

test('a locked item has no box, and ticking its category does not bring it over', () => {
  const plan = aPlan([
    anItem({ id: 'mode' }),
    anItem({ id: 'bar', step: 'leave', reason: { code: 'lockedByPolicy' } }),
  ]);

  const ticks = withCategory(plan, new Set(), 'personalization', true);

  assert.deepEqual([...ticks], ['mode']);
  assert.deepEqual(plan.items.map(hasBox), [true, false]);
});

test('another point in time keeps what was unticked and takes in what only it has', () => {
  const newest = aPlan([anItem({ id: 'mode' }), anItem({ id: 'accent' })]);
  const older = aPlan([anItem({ id: 'mode' }), anItem({ id: 'accent' }), anItem({ id: 'font' })]);

  const ticks = keptTicks(older, newest, withItem(newest, firstTicks(newest), 'accent', false));

  assert.deepEqual([...ticks], ['mode', 'font']);
});

function aPlan(items: readonly PlannedItem[]): PlanView {
  return { profileId: 'p', seq: 3, takenAt: '2026-11-24T16:42:00Z', items };
}

function anItem(part: Partial<PlannedItem> & { readonly id: string }): PlannedItem {
  return {
    kind: 'setting',
    category: 'personalization',
    title: part.id,
    now: 'a',
    will: 'b',
    step: 'change',
    offByDefault: false,
    ...part,
  };
}

function aCommand(): PlannedItem {
  return anItem({
    id: 'command',
    category: 'other',
    step: 'leave',
    offByDefault: true,
    reason: { code: 'runsCode', facts: { id: 'command' } },
  });
}

function aWanted(id: string, category: WantedItem['category']): WantedItem {
  return { id, kind: 'setting', category, title: id, flags: [], raw: 1, will: '1' };
}
