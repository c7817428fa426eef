/** A small catalog for tests of the flows: one of everything that makes a difference to them. */

import type { Catalog, Flag, LinuxPlace, Setting } from '@carryover/model/setting';

export function aSetting(over: Partial<Setting> & Pick<Setting, 'id'>): Setting {
  return {
    title: { en: over.id, de: over.id },
    area: 'test',
    category: 'personalization',
    toggle: over.category ?? 'personalization',
    payloadType: `carryover.${over.category ?? 'personalization'}`,
    mode: 'both',
    flags: [],
    linux: [dconfPlace(over.id)],
    source: 'test',
    ...over,
  };
}

function dconfPlace(id: string): LinuxPlace {
  return { mechanism: 'dconf', keys: [`/org/example/${id}`], types: ['s'] };
}

const flagged = (id: string, flag: Flag) => aSetting({ id, flags: [flag] });

const SAMPLE_SETTINGS: readonly Setting[] = [
  aSetting({
    id: 'theme',
    neutral: { id: 'theme.dark', kind: 'boolean', linux: { codec: 'enum', values: { dark: true, light: false } } },
  }),
  aSetting({ id: 'accent' }),
  aSetting({ id: 'textSize', category: 'accessibility' }),
  aSetting({ id: 'shortcut' }),
  flagged('startup', 'runsCode'),
  flagged('monitor', 'deviceBound'),
  flagged('password', 'secret'),
  aSetting({ id: 'roamsOnly', mode: 'roaming' }),
  aSetting({
    id: 'wallpaper',
    payloadType: 'carryover.background',
    linux: [{ mechanism: 'dconfImage', key: '/org/example/wallpaper' }],
  }),
  aSetting({
    id: 'bookmarks',
    category: 'other',
    payloadType: 'carryover.files',
    linux: [{ mechanism: 'file', path: '.config/bookmarks', maxBytes: 1000 }],
  }),
];

export function aCatalog(settings: readonly Setting[] = SAMPLE_SETTINGS): Catalog {
  return {
    version: 'c0ffee',
    areas: [],
    settings,
    deny: { dconf: [], files: [], registry: [] },
    gates: {} as Catalog['gates'],
    applications: [],
  };
}
