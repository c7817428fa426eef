/** Where everything on a page lies, to tell whether the page written from right to left is the mirror of the other. */

import type { Page } from 'playwright-core';

export interface Place {
  /** The element, for a message. */
  readonly what: string;
  /** Distances of its box from the edge of the page where lines begin, in whole px. */
  readonly box: readonly [number, number];
  /** The same of the words in it, where it holds nothing but words. */
  readonly words: readonly [number, number] | undefined;
}

type Sides = { readonly left: number; readonly right: number };

/**
 * Everything with a box, in the order of the document. What lies inside a picture is its own affair; what lies inside a
 * line is told by the line.
 */
export function placesOf(page: Page): Promise<readonly Place[]> {
  return page.locator('html').evaluate((html) => {
    const { ownerDocument: document, clientWidth: width } = html;
    const styleOf = (element: typeof html) => document.defaultView.getComputedStyle(element);
    const isRtl = styleOf(html).direction === 'rtl';
    const isInline = (element: typeof html) => ['inline', 'contents'].includes(styleOf(element).display);
    const fromStart = ({ left, right }: Sides): readonly [number, number] =>
      isRtl ? [Math.round(width - right), Math.round(width - left)] : [Math.round(left), Math.round(right)];
    const wordsIn = (element: typeof html) => {
      if (element.textContent.trim() === '' || ![...element.children].every(isInline)) return undefined;
      const range = document.createRange();
      range.selectNodeContents(element);
      return fromStart(range.getBoundingClientRect());
    };
    return [...document.body.querySelectorAll('*')].flatMap((element) => {
      const box = element.getBoundingClientRect();
      if (box.width === 0 || isInline(element) || element.parentElement?.closest('svg')) return [];
      const what = `${element.tagName.toLowerCase()} "${element.textContent.slice(0, 40)}"`;
      return [{ what, box: fromStart(box), words: wordsIn(element) }];
    });
  });
}

/** What does not lie where the mirror has it, by more than the rounding of a pixel. */
export function misplaced(one: readonly Place[], mirrored: readonly Place[]): readonly string[] {
  const isNear = (here: readonly [number, number], there: readonly [number, number]) =>
    here.every((px, side) => Math.abs(px - (there[side] ?? Number.NaN)) <= 2);
  return one.flatMap(({ what, box, words }, index) => {
    const other = mirrored[index];
    if (other === undefined) return [`${what} is not there`];
    const sameWords = words === undefined || other.words === undefined || isNear(words, other.words);
    if (isNear(box, other.box) && sameWords) return [];
    return [
      `${what} at ${box.join('-')}, words ${words?.join('-')}; mirrored at ${other.box.join('-')}, words ${other.words?.join('-')}`,
    ];
  });
}
