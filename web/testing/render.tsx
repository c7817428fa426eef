/**
 * Renders a component as a page would, for tests: finds things by role and name, clicks, and takes the page away again.
 *
 * Names are computed as the ARIA rules say for what we use: aria-labelledby, aria-label, label, text.
 */

import { act, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { Queries } from '../src/admin/queries.tsx';
import { Surroundings } from '../src/shared/mount.tsx';

/** Far beyond what any page needs; a page that never comes must not hold up the run. */
const MAX_WAIT_MS = 20_000;

export interface Rendered {
  readonly root: HTMLElement;
  /** All text of the page, spaces made one. */
  text(): string;
  /** The one element of that role and name. Errors: Error when there is none or several, showing the page. */
  get(role: string, name?: string): HTMLElement;
  findAll(role: string, name?: string): readonly HTMLElement[];
  click(element: HTMLElement): Promise<void>;
  /** Does something that changes the page (an answer comes, a clock moves on) and lets it come in. */
  settle(change?: () => unknown): Promise<void>;
  /** Lets answers come in until `isThere`. Errors: Error with the page's text when it never comes. */
  until(isThere: () => boolean): Promise<void>;
  /** Shows something else in place of what was rendered; what is the same component stays the same. */
  show(node: ReactNode): Promise<void>;
  /** Takes the page away. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Use with `await using page = await render(<X />)`. */
export async function render(node: ReactNode, { language = 'en' } = {}): Promise<Rendered> {
  window.history.replaceState(null, '', `?lang=${language}`);
  const place = document.createElement('div');
  document.body.append(place);
  const reactRoot = createRoot(place);
  const show = (shown: ReactNode) =>
    act(async () =>
      reactRoot.render(
        <Surroundings nonce={undefined}>
          <Queries>{shown}</Queries>
        </Surroundings>,
      ),
    );
  await show(node);

  const findAll = (role: string, name?: string) =>
    [...document.body.querySelectorAll<HTMLElement>('*')].filter(
      (element) => roleOf(element) === role && (name === undefined || nameOf(element) === name),
    );
  return {
    root: place,
    show,
    text: () => (document.body.textContent ?? '').replace(/\s+/g, ' ').trim(),
    findAll,
    get(role, name) {
      const found = findAll(role, name);
      const [first] = found;
      if (first !== undefined && found.length === 1) return first;
      throw new Error(`${found.length} elements are ${role} "${name ?? ''}" in: ${document.body.innerHTML}`);
    },
    click: (element) => act(async () => element.click()),
    settle: (change) => act(async () => void (await change?.())),
    async until(isThere) {
      const endAtMs = performance.now() + MAX_WAIT_MS;
      while (!isThere()) {
        if (performance.now() > endAtMs) throw new Error(`It never came: ${document.body.textContent}`);
        // A turn of the event loop: answers of agents in memory and the queries' own timers of 0 ms.
        await act(() => new Promise<void>((turned) => setImmediate(turned)));
      }
    },
    async [Symbol.asyncDispose]() {
      await act(async () => reactRoot.unmount());
      place.remove();
    },
  };
}

const ROLES: Readonly<Record<string, string>> = {
  A: 'link',
  BUTTON: 'button',
  DIALOG: 'dialog',
  DL: 'list',
  H1: 'heading',
  H2: 'heading',
  H3: 'heading',
  LI: 'listitem',
  MAIN: 'main',
  NAV: 'navigation',
  OL: 'list',
  SELECT: 'combobox',
  TABLE: 'table',
  TD: 'cell',
  TEXTAREA: 'textbox',
  TH: 'columnheader',
  TR: 'row',
  UL: 'list',
};

function roleOf(element: HTMLElement): string | undefined {
  const given = element.getAttribute('role');
  if (given !== null) return given;
  if (!(element instanceof HTMLInputElement)) return ROLES[element.tagName];
  return ['checkbox', 'radio'].includes(element.type) ? element.type : 'textbox';
}

function nameOf(element: HTMLElement): string {
  const labelledBy = element.getAttribute('aria-labelledby');
  const ids = labelledBy === null ? [] : labelledBy.split(/\s+/);
  const labels = ids.map((id) => document.getElementById(id)?.textContent ?? '');
  const own = element instanceof HTMLInputElement ? [...(element.labels ?? [])].map((label) => label.textContent) : [];
  const text =
    ids.length > 0 ? labels.join(' ') : (element.getAttribute('aria-label') ?? own[0] ?? element.textContent ?? '');
  return text.replace(/\s+/g, ' ').trim();
}
