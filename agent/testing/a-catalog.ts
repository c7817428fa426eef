/** A catalog for tests: empty but for what matters. */

import type { Catalog } from '@carryover/model/setting';

const ANY = { families: [], laterFrom: 0 };

export function aCatalog(parts: Partial<Catalog> = {}): Catalog {
  return {
    version: 'test',
    areas: [],
    settings: [],
    deny: { dconf: [], files: [] },
    gates: {
      source: 'test',
      windows: { backup: ANY, restore: ANY, firstSignInRestore: ANY },
      linux: { distributions: [], gnome: 43 },
    },
    applications: [],
    ...parts,
  };
}
