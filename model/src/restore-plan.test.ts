import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { PART_KINDS } from './report.ts';
import { type Choice, type Finding, type PlanItem, restorePlan, type WantedItem } from './restore-plan.ts';
import { CATEGORIES, FLAGS } from './setting.ts';

const EVERYTHING: Choice = { only: [], skip: [], off: new Map() };

function wanted(over: Partial<WantedItem> = {}): WantedItem {
  return {
    id: 'mouse.speed',
    kind: 'setting',
    category: 'other',
    title: 'Speed',
    flags: [],
    raw: '0.5',
    will: '0.5',
    ...over,
  };
}

function finding(over: Partial<Finding> = {}): Finding {
  return { now: undefined, nowWords: 'slow', same: false, ...over };
}

function planOf(item: WantedItem, choice: Partial<Choice> = {}, found: Finding | undefined = finding()): PlanItem {
  const findings = new Map(found === undefined ? [] : [[item.id, found]]);
  const [planned] = restorePlan([item], findings, { ...EVERYTHING, ...choice });
  assert.ok(planned);
  return planned;
}

test('an item that differs changes, one that does not stays the same', () => {
  assert.deepEqual([planOf(wanted()).step, planOf(wanted()).now], ['change', 'slow']);
  assert.equal(planOf(wanted(), {}, finding({ same: true })).step, 'same');
});

test('an item without a place here is reported, never dropped', () => {
  const { step, status, reason } = planOf(wanted({ raw: undefined }));

  assert.deepEqual([step, status, reason?.code], ['leave', 'notOnThisVersion', 'notOnThisVersion']);
});

test('an obstacle keeps its status and reason', () => {
  const reason = { code: 'lockedByPolicy', facts: { policy: 'Front desk' } } as const;
  const planned = planOf(wanted(), {}, finding({ obstacle: { status: 'lockedByPolicy', reason } }));

  assert.deepEqual([planned.step, planned.status, planned.reason], ['leave', 'lockedByPolicy', reason]);
});

for (const [flag, code] of [
  ['runsCode', 'runsCode'],
  ['networkReach', 'networkReach'],
  ['defaultOff', 'offByDefault'],
  ['secret', 'offByDefault'],
] as const)
  test(`an item with ${flag} comes over only when it is asked for by name`, () => {
    const item = wanted({ flags: [flag] });

    assert.equal(planOf(item).reason?.code, code);
    assert.equal(planOf(item, { only: ['other'] }).reason?.code, code);
    assert.equal(planOf(item, { only: ['mouse.speed'] }).step, 'change');
  });

test('what is bound to its device never comes over, not even by name', () => {
  assert.equal(planOf(wanted({ flags: ['deviceBound'] }), { only: ['mouse.speed'] }).reason?.code, 'deviceBound');
});

test('one of many is named by its setting or by itself', () => {
  const item = wanted({ id: 'shortcuts.windows/close', flags: ['runsCode'] });

  assert.equal(planOf(item, { only: ['shortcuts.windows'] }).step, 'change');
  assert.equal(planOf(item, { only: ['shortcuts.windows/close'] }).step, 'change');
  assert.equal(planOf(item, { only: ['shortcuts'] }).step, 'leave');
});

test('skip wins over only', () => {
  assert.equal(planOf(wanted(), { only: ['mouse.speed'], skip: ['other'] }).reason?.code, 'leftOut');
});

test('a category that is off keeps its own reason, whatever was asked for', () => {
  const reason = { code: 'switchedOffByPerson', facts: { category: 'other', toggle: 'other' } } as const;

  assert.deepEqual(planOf(wanted(), { off: new Map([['other', reason]]), only: ['mouse.speed'] }).reason, reason);
});

const anyItem = fc.record({
  id: fc.stringMatching(/^[a-c]{1,3}(\/[a-c]{1,2})?$/),
  kind: fc.constantFrom(...PART_KINDS),
  category: fc.constantFrom(...CATEGORIES),
  title: fc.string(),
  flags: fc.subarray([...FLAGS]),
  raw: fc.option(fc.string(), { nil: undefined }),
  will: fc.string(),
});

test('a plan holds every item once, files and images first and apps last, in one order whatever came in', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyItem, { selector: ({ id }) => id }), fc.nat(), (items, seed) => {
      const findings = new Map(items.map(({ id }) => [id, finding()]));
      const plan = restorePlan(items, findings, EVERYTHING);
      const turned = [...items.slice(seed % (items.length + 1)), ...items.slice(0, seed % (items.length + 1))];

      assert.deepEqual(plan.map(({ id }) => id).toSorted(), items.map(({ id }) => id).toSorted());
      assert.deepEqual(restorePlan(turned, findings, EVERYTHING), plan);
      const kinds = plan.map(({ kind }) => ['file', 'image', 'setting', 'app'].indexOf(kind));
      assert.deepEqual(kinds, kinds.toSorted());
    }),
  );
});

test('what stays behind has a status and a reason, what comes over has neither', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyItem, { selector: ({ id }) => id }), (items) => {
      for (const { step, status, reason } of restorePlan(items, new Map(), EVERYTHING))
        assert.equal(step === 'leave', status !== undefined && reason !== undefined);
    }),
  );
});
