/**
 * The lists of places that no setting may open (deny.yaml) or that need a flag (guards.yaml), ready to be asked for each
 * place of the catalog.
 */

import { covers, hasStar, patternToRegExp } from '../../model/src/pattern.ts';
import { registryPattern } from '../../model/src/registry-path.ts';
import type { Catalog } from '../../model/src/setting.ts';
import type { WrittenPlace } from './places.ts';

/** One line of a list. */
interface Line {
  readonly text: string;
  readonly pattern: string;
  /** The line begins with "!": what it holds is taken out of the list again (registry). */
  readonly openedAgain: boolean;
  /** Whether the line holds all of a place. */
  readonly holds: (place: string) => boolean;
}

export type GuardedPlaces = Readonly<Record<WrittenPlace['kind'], readonly Line[]>>;

export function guardedFrom({ dconf = [], files = [], registry = [] }: Partial<Catalog['deny']>): GuardedPlaces {
  return {
    dconf: dconf.map((text) => lineFrom(text, text)),
    files: files.map((text) => lineFrom(text, text)),
    registry: registry.map((text) => lineFrom(text, registryPattern(text.replace(/^!/, '')))),
  };
}

function lineFrom(text: string, pattern: string): Line {
  const expression = patternToRegExp(pattern);
  const holds = (place: string) => (hasStar(place) ? covers(pattern, place) : expression.test(place));
  return { text, pattern, openedAgain: text.startsWith('!'), holds };
}

/** The line of the deny list that holds the place; undefined when there is none, or another takes it out again. */
export function deniedBy(deny: GuardedPlaces, { kind, pattern }: WrittenPlace): string | undefined {
  const whole = kind === 'registry' ? pattern.replace(/#.*$/, '') : pattern;
  const lines = deny[kind].filter(({ holds }) => holds(whole));
  return lines.some(({ openedAgain }) => openedAgain) ? undefined : lines[0]?.text;
}

/** Whether a place is a guarded one, or holds a guarded one that it does not leave out. */
export function opens(guarded: GuardedPlaces, { kind, pattern, except }: WrittenPlace): boolean {
  return guarded[kind].some(
    (guard) =>
      guard.holds(pattern) ||
      (hasStar(pattern) && covers(pattern, guard.pattern) && !except.some((leftOut) => covers(leftOut, guard.pattern))),
  );
}
