import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { Button } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { render } from '../../../testing/render.tsx';
import { Answers } from '../answers.tsx';
import { Reading } from './reading.tsx';

/** Reads again when its button is pressed. */
function Page({ read }: { readonly read: () => Promise<string> }) {
  const query = useQuery({ queryKey: ['x'], queryFn: read });
  return (
    <>
      <Button onClick={() => void query.refetch()}>Again</Button>
      <Reading of={query} rows={1}>
        {(data) => <p>{data}</p>}
      </Reading>
    </>
  );
}

const unreachable = () => new KnownError('serviceUnreachable', 'This page cannot reach the service.');

test('what was read stays with its time while the service cannot be reached', async () => {
  const answers = [async () => '7 devices', () => Promise.reject(unreachable())];
  await using page = await render(
    <Answers>
      <Page read={() => answers.shift()?.() ?? Promise.resolve('8 devices')} />
    </Answers>,
  );
  assert.equal(page.text(), 'Again7 devices');

  await page.click(page.get('button', 'Again'));
  await page.settle();

  assert.match(page.text(), /No connection\. As of \d\d:\d\d\. Tries again by itself7 devices/);
});

test('what could not be read says what is safe, and is read when asked again', async () => {
  const answers = [() => Promise.reject(unreachable())];
  await using page = await render(
    <Answers>
      <Page read={() => answers.shift()?.() ?? Promise.resolve('8 devices')} />
    </Answers>,
  );
  assert.match(page.get('alert').textContent ?? '', /can’t reach the service.*Backups go on by themselves/);

  await page.click(page.get('button', 'Try again'));
  await page.settle();

  assert.equal(page.text(), 'Again8 devices');
});

test('who may not see it reads which roles may', async () => {
  const refused = new KnownError('accessDenied', 'This needs one of the roles.', { inner: 'roleMissing' });
  await using page = await render(
    <Answers>
      <Page read={() => Promise.reject(refused)} />
    </Answers>,
  );

  assert.match(page.get('alert').textContent ?? '', /Your roles do not allow this.*Intune Administrator/);
});
