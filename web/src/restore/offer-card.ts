/**
 * What a card of the choose step says of one backup: what and how much, why it is offered first, what stays behind.
 *
 * Pure.
 */

import type { LocalDevice, Offer } from '@carryover/model/local-pages';
import { wordsOf } from '@carryover/model/reasons';
import { type Here, momentFirst } from './speech.ts';

/** How many cards stand there before the rest is asked for. */
const CARDS_AT_FIRST = 3;

export interface OfferCard {
  readonly profileId: string;
  readonly name: string;
  readonly system: string;
  /** When, and how much is in it. */
  readonly contents: string;
  /** Why it is recommended, where it is from, what stays behind; empty when there is nothing to say. */
  readonly about: string;
  /** True: something stays behind or is older than wished, said in `about`. */
  readonly hasNote: boolean;
  readonly recommended: boolean;
}

export function offerCard(offer: Offer, device: LocalDevice, here: Here): OfferCard {
  const { say, language } = here;
  const note = offer.note === undefined ? undefined : wordsOf(offer.note, language);
  const about = [
    offer.why === undefined ? undefined : say(`restore.why.${offer.why}`),
    offer.platform === device.platform
      ? undefined
      : say(offer.platform === 'linux' ? 'restore.fromLinux' : 'restore.fromWindows'),
    note?.reason,
    note?.remedy,
  ];
  return {
    profileId: offer.profileId,
    name: offer.deviceName,
    system: offer.osName,
    contents: contentsOf(offer, here),
    about: about.filter((sentence) => sentence !== undefined).join(' '),
    hasNote: note !== undefined,
    recommended: offer.recommended,
  };
}

/** "Yesterday at 17:42 · 41 settings, 23 apps"; apps are not named when there are none. */
function contentsOf({ lastBackupAt, settingCount, appCount }: Offer, here: Here): string {
  const { say } = here;
  const when = momentFirst(lastBackupAt, here);
  const settings = say('count.settings', { n: settingCount });
  return appCount === 0
    ? say('restore.contentsNoApps', { when, settings })
    : say('restore.contents', { when, settings, apps: say('count.apps', { n: appCount }) });
}

/** The cards that are shown, and how many wait behind "Show n more". The chosen one never hides. */
export function shownOffers(
  offers: readonly Offer[],
  { all, chosen }: { readonly all: boolean; readonly chosen: string },
): { readonly shown: readonly Offer[]; readonly more: number } {
  const shown = all ? offers : offers.filter(({ profileId }, place) => place < CARDS_AT_FIRST || profileId === chosen);
  return { shown, more: offers.length - shown.length };
}
