import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../testing/render.tsx';

function Broken(): never {
  throw new Error('no such profile');
}

test('a page that breaks says what is safe, what to do, and keeps the details for IT', async (context) => {
  // React tells the console of every error that a boundary caught.
  context.mock.method(console, 'error', () => {});
  context.mock.method(console, 'warn', () => {});

  await using page = await render(<Broken />);

  assert.equal(page.get('heading').textContent, 'This page stopped working');
  assert.match(page.text(), /Your backups and your settings are safe/);
  assert.match(page.text(), /no such profile/);
  page.get('button', 'Open again');
});
