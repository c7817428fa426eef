/** Going through a page as somebody without a mouse does: with the Tab key to what is wanted, and always knowing where one is. */

import assert from 'node:assert/strict';
import type { Locator, Page } from 'playwright-core';

/** More stops than a person would go through. */
const MAX_STOPS = 60;

type Role =
  | 'button'
  | 'checkbox'
  | 'combobox'
  | 'link'
  | 'menuitem'
  | 'radio'
  | 'searchbox'
  | 'spinbutton'
  | 'switch'
  | 'textbox';

/** Presses Tab until the focus is there. Errors: Error after more stops than the page has. */
export async function reach(page: Page, role: Role, name: string | RegExp): Promise<void> {
  const wanted = page.getByRole(role, { name, ...(typeof name === 'string' ? { exact: true } : {}) });
  await reachOne(page, wanted.first(), `${role} ${name}`);
}

/** As reach, for what only a locator can name. */
export async function reachOne(page: Page, wanted: Locator, name: string): Promise<void> {
  await wanted.waitFor();
  for (let stops = 0; stops < MAX_STOPS; stops += 1) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === element.ownerDocument.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

/** The heading of a page or step gets the focus once it is there. Errors: TimeoutError that names it. */
export function isFocused(page: Page, title: string | RegExp): Promise<void> {
  return getsFocus(page, page.getByRole('heading', { level: 1, name: title }));
}

/** Waits until this has the focus. Errors: TimeoutError that names it. */
export async function getsFocus(page: Page, wanted: Locator): Promise<void> {
  await page.locator(':focus').and(wanted).waitFor();
}

/** Where the Tab key stops in an open dialog, going round once. Errors: AssertionError when it leaves the dialog. */
export async function keepsFocus(page: Page, dialog: Locator): Promise<void> {
  const controls = await dialog.locator('a[href], button, input, select, summary').count();
  for (let stops = 0; stops < controls + 2; stops += 1) {
    await page.keyboard.press('Tab');
    const behind = await page
      .locator(':focus')
      .evaluateAll((focused) => focused.filter((one) => !one.closest('dialog')).length);
    assert.equal(behind, 0, 'the Tab key leaves the dialog for the page behind it');
  }
}
