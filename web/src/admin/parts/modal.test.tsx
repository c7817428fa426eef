import assert from 'node:assert/strict';
import { test } from 'node:test';
import { useRef } from 'react';
import { render } from '../../../testing/render.tsx';
import { Modal } from './modal.tsx';

interface Shown {
  readonly opener: boolean;
  readonly dialog: boolean;
}

/** A list's row whose button opens a dialog, as lists have them; the page says which of both it shows. */
function List({ opener, dialog }: Shown) {
  const heading = useRef<HTMLHeadingElement>(null);
  return (
    <section>
      <h2 ref={heading} tabIndex={-1}>
        Tokens
      </h2>
      {opener ? (
        <div>
          <button type="button">Revoke</button>
        </div>
      ) : null}
      {dialog ? (
        <Modal
          title="Revoke?"
          onClose={() => undefined}
          elseFocus={heading}
          actions={<button type="button">Yes</button>}
        >
          Gone for good.
        </Modal>
      ) : null}
    </section>
  );
}

/** In words: an element itself is too much to print when the test fails. */
const focused = () => {
  const { tagName, textContent } = document.activeElement ?? document.body;
  return tagName === 'BODY' ? tagName : `${tagName} ${textContent}`;
};

const OPEN = { opener: true, dialog: true };
const NEITHER = { opener: false, dialog: false };

for (const [when, between] of [
  ['before the dialog', { opener: false, dialog: true }],
  ['together with the dialog', NEITHER],
  ['after the dialog', { opener: true, dialog: false }],
] as const)
  test(`the heading gets the focus when the button that opened a dialog goes ${when}`, async () => {
    await using page = await render(<List opener dialog={false} />);
    page.get('button', 'Revoke').focus();

    await page.show(<List {...OPEN} />);
    await page.show(<List {...between} />);
    // The test's browser moves the focus neither into a dialog nor back.
    if (between.dialog) page.get('button', 'Yes').focus();
    await page.show(<List {...NEITHER} />);

    assert.equal(focused(), 'H2 Tokens');
  });

test('a button that stays keeps the focus', async () => {
  await using page = await render(<List opener dialog={false} />);
  page.get('button', 'Revoke').focus();

  await page.show(<List {...OPEN} />);
  await page.show(<List opener dialog={false} />);

  assert.equal(focused(), 'BUTTON Revoke');
});

test('whoever has moved on is left where they are', async () => {
  await using page = await render(<List opener dialog={false} />);
  page.get('button', 'Revoke').focus();
  await page.show(<List {...OPEN} />);
  await page.show(<List opener dialog={false} />);
  const elsewhere = document.createElement('input');
  page.root.append(elsewhere);
  elsewhere.focus();
  elsewhere.blur();

  await page.show(<List {...NEITHER} />);

  assert.equal(focused(), 'BODY');
});

test('Escape closes it; a file chooser in it that is left again does not', async () => {
  const closed: string[] = [];
  await using page = await render(
    <Modal title="Import" onClose={() => closed.push('closed')} actions={null}>
      <input type="file" aria-label="CSV file" />
    </Modal>,
  );
  const chooser = page.root.querySelector('input');
  // As browsers say it of a chooser: https://html.spec.whatwg.org/#event-cancel, which bubbles from an input.
  await page.settle(() => chooser?.dispatchEvent(new Event('cancel', { bubbles: true })));
  assert.deepEqual(closed, []);

  await page.settle(() => page.get('dialog').dispatchEvent(new Event('cancel', { cancelable: true })));
  assert.deepEqual(closed, ['closed']);
});
