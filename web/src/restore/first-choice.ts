/** What is chosen before the person chose. Pure. */

import type { Offer } from '@carryover/model/local-pages';

/** Stands for a fresh start where a profile's id would be. */
export const NEW_PC = 'new';

/** The recommended backup, else the first, else a fresh start. */
export function firstChoice(offers: readonly Offer[]): string {
  return (offers.find(({ recommended }) => recommended) ?? offers[0])?.profileId ?? NEW_PC;
}
