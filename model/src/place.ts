/**
 * Where an organization's data belongs, and what a deployment serves: a cloud and regions of it.
 *
 * Pure. Source: product.md R15.
 */

import type { Reason } from './reasons.ts';

/** As whoever runs the service names them: "private" and "local" unless said otherwise. */
export interface Place {
  readonly cloud: string;
  readonly region: string;
}

export interface Served {
  readonly cloud: string;
  /** At least one; the first is where a new organization belongs that does not say. */
  readonly regions: readonly string[];
}

/** Why a deployment must not keep data of an organization that belongs there; empty: it may. Case does not matter. */
export function placeReasons({ cloud, region }: Place, served: Served): Reason[] {
  const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
  const sameCloud = isSame(cloud, served.cloud);
  if (sameCloud && served.regions.some((one) => isSame(one, region))) return [];
  const named = (place: string, of: string) => (sameCloud ? place : `${place} (${of})`);
  return [
    {
      code: 'wrongRegion',
      facts: { region: named(served.regions.join(', '), served.cloud), other: named(region, cloud) },
    },
  ];
}
