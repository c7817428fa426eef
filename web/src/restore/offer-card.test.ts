import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Offer } from '@carryover/model/local-pages';
import { sayFor } from '../../testing/say.ts';
import { firstChoice, NEW_PC } from './first-choice.ts';
import { offerCard, shownOffers } from './offer-card.ts';

const HERE = { say: sayFor('en'), language: 'en', timeZone: 'UTC', now: new Date('2026-11-25T09:30:00Z') } as const;
const DEVICE = { name: 'AUE-LT-2291', osName: 'Debian 13', platform: 'linux' } as const;

test('a card says what the device is, when and how much, and why it is first', () => {
  const card = offerCard(anOffer({ recommended: true, why: 'newest' }), DEVICE, HERE);

  assert.equal(card.name, 'AUE-LT-0417');
  assert.equal(card.system, 'Debian 12, GNOME 43');
  assert.equal(card.contents, 'Yesterday at 17:42 · 41 settings, 23 apps');
  assert.equal(card.about, 'Your newest complete backup.');
});

test('one of a kind is said as one, and no apps are not counted', () => {
  const card = offerCard(anOffer({ settingCount: 1, appCount: 0 }), DEVICE, HERE);

  assert.equal(card.contents, 'Yesterday at 17:42 · 1 setting');
});

test('another platform and a note say what stays behind', () => {
  const note = { code: 'newestDamaged' } as const;

  const card = offerCard(anOffer({ platform: 'windows', note }), DEVICE, HERE);

  assert.equal(
    card.about,
    'From Windows. What has no equivalent here stays behind. The newest backup of this PC is damaged. The one before it is offered; back up again on that PC.',
  );
  assert.equal(card.hasNote, true);
});

test('three cards stand there at first, and the chosen one never hides', () => {
  const offers = ['a', 'b', 'c', 'd', 'e'].map((profileId) => anOffer({ profileId }));

  assert.deepEqual(shownOffers(offers, { all: false, chosen: 'a' }).more, 2);
  const { shown, more } = shownOffers(offers, { all: false, chosen: 'e' });
  assert.deepEqual([shown.map(({ profileId }) => profileId), more], [['a', 'b', 'c', 'e'], 1]);
  assert.equal(shownOffers(offers, { all: true, chosen: 'a' }).more, 0);
});

test('the recommended backup is chosen first, and without any a fresh start', () => {
  assert.equal(firstChoice([anOffer({ profileId: 'a' }), anOffer({ profileId: 'b', recommended: true })]), 'b');
  assert.equal(firstChoice([anOffer({ profileId: 'a' })]), 'a');
  assert.equal(firstChoice([]), NEW_PC);
});

function anOffer(part: Partial<Offer> = {}): Offer {
  return {
    profileId: 'p1',
    deviceName: 'AUE-LT-0417',
    osName: 'Debian 12, GNOME 43',
    platform: 'linux',
    lastBackupAt: '2026-11-24T17:42:00Z',
    settingCount: 41,
    appCount: 23,
    recommended: false,
    ...part,
  };
}
