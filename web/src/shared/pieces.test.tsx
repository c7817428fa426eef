import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../testing/render.tsx';
import { CopyText } from './copy-text.tsx';
import { PageHead } from './page-head.tsx';
import { Reason } from './reason.tsx';
import { SettingCard } from './setting-card.tsx';
import { Steps } from './steps.tsx';
import { Waiting } from './waiting.tsx';

test('a reason says cause, sentence and remedy, and is found by its cause', async () => {
  await using page = await render(
    <Reason cause="Why:" reasons={[{ code: 'notSwitchedOn', facts: { org: 'Auental County' } }]} />,
  );

  assert.equal(
    page.get('group', 'Why:').textContent,
    'Why: Auental County has not turned on backup or roaming for this PC. Ask IT to assign "Enable Windows Backup".',
  );
});

test('several reasons become a list, in German with lang=de', async () => {
  await using page = await render(
    <Reason cause="Warum:" reasons={[{ code: 'needsElevation' }, { code: 'notJoined', facts: { org: 'Auental' } }]} />,
    { language: 'de' },
  );

  assert.equal(page.findAll('listitem').length, 2);
  assert.match(page.text(), /Dieser PC gehört nicht zu Auental\./);
  assert.equal(document.documentElement.lang, 'de');
});

test('the heading takes the focus when a page opens, and names the document', async () => {
  await using page = await render(<PageHead size="settings" title="Windows backup" parent="Accounts" />);

  assert.equal(document.activeElement, page.get('heading'));
  assert.equal(document.title, 'Windows backup');
});

test('the control of a setting is named by its title', async () => {
  await using page = await render(
    <SettingCard
      title="Remember my apps"
      description="So that your next PC can install them"
      control={({ labelledBy, describedBy }) => (
        <input type="checkbox" aria-labelledby={labelledBy} aria-describedby={describedBy} />
      )}
    />,
  );

  const control = page.get('checkbox', 'Remember my apps');
  const described = document.getElementById(control.getAttribute('aria-describedby') ?? '');
  assert.equal(described?.textContent, 'So that your next PC can install them');
});

test('the open step is marked, the steps before it are said to be done', async () => {
  await using page = await render(<Steps label="Restore" steps={['Sign in', 'Choose', 'Done']} current={1} />);

  const steps = page.findAll('listitem').map((step) => [step.textContent, step.getAttribute('aria-current')]);
  assert.deepEqual(steps, [
    ['Sign in, done', null],
    ['2Choose', 'step'],
    ['3Done', null],
  ]);
});

test('copying says that it worked, or what to do when it did not', async (context) => {
  const written: string[] = [];
  const clipboard = context.mock.method(navigator.clipboard, 'writeText', async (text: string) => {
    written.push(text);
  });
  await using page = await render(<CopyText text="carryover enroll X" />);

  await page.click(page.get('button', 'Copy'));
  assert.deepEqual(written, ['carryover enroll X']);
  assert.equal(page.get('status').textContent, 'Copied');

  clipboard.mock.mockImplementation(async () => {
    throw new Error('refused');
  });
  await page.click(page.get('button', 'Copy'));
  assert.equal(page.get('status').textContent, 'Could not copy. Select the text and copy it yourself');
});

test('waiting shows nothing at first, then its rows, then a sentence', async (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  await using page = await render(<Waiting rows={3} />);
  assert.equal(page.text(), '');
  assert.equal(page.findAll('progressbar').length, 0);

  await page.settle(() => context.mock.timers.tick(400));
  assert.equal(page.findAll('progressbar', 'Loading').length, 1);

  await page.settle(() => context.mock.timers.tick(2600));
  assert.equal(page.text(), 'Still looking. This takes longer than usual');
});
