import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FirstRun, FirstRunStep } from '@carryover/model/admin';
import { render } from '../../../testing/render.tsx';
import { doneOf, nextOf } from './first-run.ts';
import { StepList } from './step-list.tsx';

const aStep = (step: Partial<FirstRunStep>): FirstRunStep => ({
  id: 'people',
  done: false,
  facts: {},
  dateTime: null,
  roles: [],
  ...step,
});
const STEPS = [
  aStep({ id: 'signIn', done: true, facts: { person: 'Miriam Adeyemi' } }),
  aStep({ id: 'people', facts: { count: '1' } }),
  aStep({ id: 'enrollment', done: true, facts: { joining: 'none', tokens: '2' } }),
  aStep({ id: 'firstDevice' }),
];
const aFirstRun = (steps: readonly FirstRunStep[]): FirstRun => ({
  steps,
  finished: steps.every(({ done }) => done),
  skipped: false,
  skippedDateTime: null,
});

test('each step says whether it is done and what the service knows of it', async () => {
  const opened: string[] = [];
  await using page = await render(<StepList steps={STEPS} open="people" onOpen={(id) => opened.push(id)} />);

  const names = page.findAll('button').map(({ textContent }) => textContent?.replace(/(?<=people|Done:|do:)\s+/g, ' '));
  assert.match(names[0] ?? '', /Done: Sign in worksMiriam Adeyemi was the first/);
  assert.match(names[1] ?? '', /To do: People1 person/);
  assert.match(names[2] ?? '', /Done: Let devices in2 enrollment tokens work/);
  assert.match(names[3] ?? '', /To do: Put the agent on a first deviceOne command/);

  const [, second, third] = page.findAll('button');
  assert.equal(second?.getAttribute('aria-current'), 'step');
  if (third !== undefined) await page.click(third);
  assert.deepEqual(opened, ['enrollment']);
});

test('the first step that is not done comes next, the last when all are', () => {
  const firstRun = aFirstRun(STEPS);

  assert.deepEqual([doneOf(firstRun), nextOf(firstRun)?.id], [2, 'people']);
  assert.equal(nextOf(aFirstRun(STEPS.map((step) => ({ ...step, done: true }))))?.id, 'firstDevice');
});
