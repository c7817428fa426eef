import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Place, placeReasons, type Served } from './place.ts';
import { wordsOf } from './reasons.ts';

const SERVED: Served = { cloud: 'private', regions: ['eu-north', 'eu-south'] };

const PLACES: readonly [Place, string | undefined][] = [
  [{ cloud: 'private', region: 'eu-north' }, undefined],
  [{ cloud: 'private', region: 'eu-south' }, undefined],
  [{ cloud: 'Private', region: 'EU-North' }, undefined],
  [
    { cloud: 'private', region: 'us-east' },
    'This service keeps data in eu-north, eu-south; your organization belongs to us-east.',
  ],
  [
    { cloud: 'public', region: 'eu-north' },
    'This service keeps data in eu-north, eu-south (private); your organization belongs to eu-north (public).',
  ],
];

for (const [place, sentence] of PLACES)
  test(`${place.cloud} ${place.region} is ${sentence === undefined ? 'served' : 'refused, and both are named'}`, () => {
    const [reason] = placeReasons(place, SERVED);

    assert.equal(reason && wordsOf(reason).reason, sentence);
  });
