/** Restores as the agent would tell them, for tests and for looking at the page: a sample person, devices, plan, report. */

import type {
  HandoverCheck,
  Offer,
  PlanView,
  RestoreStage,
  RestoreView,
  UpdatesView,
} from '../../model/src/local-pages.ts';
import type { Category } from '../../model/src/setting.ts';
import type { Answers } from './page-server.ts';
import { NOW } from './page-story.ts';

/** Before the moment of the stories; negative for after it. */
export function hoursAgo(hours: number): string {
  return new Date(Date.parse(NOW) - hours * 3_600_000).toISOString();
}

export function aView(stage: RestoreStage, part: Partial<RestoreView> = {}): RestoreView {
  return {
    device: { name: 'AUE-LT-2291', osName: 'Debian 13, GNOME 48', platform: 'linux' },
    organization: 'Auental County',
    person: { displayName: 'Lena Brandt', userPrincipalName: 'lena.brandt@auental.example' },
    mode: 'setup',
    stage,
    ...part,
  };
}

export function checks(states: readonly HandoverCheck['state'][], parts: Partial<HandoverCheck>[] = []): RestoreStage {
  const ids = ['service', 'account', 'device', 'backups'] as const;
  const facts = ['carryover.auental.example', 'lena.brandt@auental.example', 'Auental County', '3'];
  return {
    kind: 'checking',
    checks: ids.map((id, place) => {
      const state = states[place] ?? 'waiting';
      const fact = facts[place];
      return { id, state, ...(state === 'passed' && fact !== undefined ? { fact } : {}), ...parts[place] };
    }),
  };
}

export function anOffer(part: Partial<Offer> & Pick<Offer, 'profileId'>): Offer {
  return {
    deviceName: 'AUE-LT-0417',
    osName: 'Debian 12, GNOME 43',
    platform: 'linux',
    lastBackupAt: hoursAgo(24),
    settingCount: 41,
    appCount: 23,
    recommended: false,
    ...part,
  };
}

const THREE_OFFERS: readonly Offer[] = [
  anOffer({ profileId: 'p1', recommended: true, why: 'newest' }),
  anOffer({
    profileId: 'p2',
    deviceName: 'AUE-DT-1108',
    osName: 'Ubuntu 24.04, GNOME 46',
    lastBackupAt: hoursAgo(24 * 42),
    settingCount: 38,
    appCount: 19,
    note: { code: 'smallCapture', facts: { count: '3' } },
  }),
  anOffer({
    profileId: 'p3',
    deviceName: 'AUE-WS-0023',
    osName: 'Windows 11 24H2',
    platform: 'windows',
    lastBackupAt: hoursAgo(24 * 84),
    settingCount: 22,
    appCount: 11,
  }),
];

export const CHOOSE: RestoreStage = { kind: 'choose', offers: THREE_OFFERS, undoDays: 30 };

const PLAN: PlanView = {
  profileId: 'p1',
  seq: 7,
  takenAt: hoursAgo(24),
  items: [
    change('mode', 'personalization', 'App mode', 'Light', 'Dark'),
    change('accent', 'personalization', 'Accent colour', '#0a67b7', '#c0407a'),
    { ...change('wallpaper', 'personalization', 'Wallpaper', 'bloom.jpg', 'lofoten.jpg, 2.1 MB'), kind: 'image' },
    change('night', 'personalization', 'Night light', 'Off', '20:30 to 06:45'),
    change('pins', 'personalization', 'Dock pins', '4 pins', '9 pins'),
    {
      ...change('dock', 'personalization', 'Dock position', 'Centre', 'Left'),
      step: 'leave',
      reason: { code: 'lockedByPolicy', facts: { org: 'Auental County', policy: 'Front desk PCs' } },
    },
    { ...change('font', 'personalization', 'Font', 'Cantarell 11', 'Cantarell 11'), step: 'same' },
    { ...change('clock', 'personalization', 'Clock', '24 hours', '24 hours'), step: 'same' },
    change('text', 'accessibility', 'Text size', '100 %', '115 %'),
    change('keyboard', 'language', 'Keyboard layouts', 'English', 'German, English'),
    change('files', 'other', 'Show hidden files', 'Off', 'On'),
    {
      ...change('shortcut', 'other', 'Own shortcut "Notes"', '', 'gnome-text-editor'),
      step: 'leave',
      offByDefault: true,
      reason: { code: 'runsCode', facts: { id: 'shortcut' } },
    },
    { ...change('qgis', 'apps', 'QGIS', '', 'Flathub'), kind: 'app' },
    { ...change('gimp', 'apps', 'GIMP', '', 'Flathub'), kind: 'app' },
  ],
};

function change(id: string, category: Category, title: string, now: string, will: string): PlanView['items'][number] {
  return { id, kind: 'setting', category, title, now, will, step: 'change', offByDefault: false };
}

export function running(part: Partial<Extract<RestoreStage, { kind: 'running' }>['progress']> = {}): RestoreStage {
  return {
    kind: 'running',
    progress: {
      deviceName: 'AUE-LT-0417',
      startedAt: hoursAgo(0.025),
      undoValues: 40,
      goingOn: false,
      categories: [
        { category: 'accessibility', done: 6, total: 6 },
        { category: 'personalization', done: 10, total: 10 },
        { category: 'language', done: 5, total: 5 },
        { category: 'other', done: 13, total: 18 },
        { category: 'apps', done: 9, total: 23 },
      ],
      current: ['Show file extensions', 'QGIS'],
      appsWait: false,
      ...part,
    },
  };
}

type Result = Extract<RestoreStage, { kind: 'done' }>['result'];

export function done(items: Result['items'], part: Partial<Result> = {}): RestoreStage {
  return {
    kind: 'done',
    result: {
      deviceName: 'AUE-LT-0417',
      finishedAt: hoursAgo(0),
      durationMs: 192_000,
      items,
      undoUntil: hoursAgo(-24 * 27),
      reported: true,
      ...part,
    },
  };
}

export function items(count: number, part: Partial<Result['items'][number]> = {}): Result['items'] {
  return Array.from({ length: count }, (_, place) => ({
    id: `${part.kind ?? 'setting'}.${part.status ?? 'applied'}.${place}`,
    kind: 'setting',
    category: 'personalization',
    title: `Setting ${place + 1}`,
    status: 'applied',
    ...part,
  }));
}

export const TWO_LEFT: Result['items'] = [
  ...items(38),
  ...items(22, { kind: 'app', category: 'apps' }),
  {
    id: 'zone',
    kind: 'setting',
    category: 'other',
    title: 'Set time zone automatically',
    status: 'needsElevation',
    reason: { code: 'needsElevation' },
  },
  {
    id: 'sketchup',
    kind: 'app',
    category: 'apps',
    title: 'SketchUp Viewer',
    status: 'failed',
    reason: { code: 'appNotOffered', facts: { app: 'SketchUp Viewer', source: 'Flathub' } },
  },
];

export const BLOCKED: RestoreStage = {
  kind: 'blocked',
  fault: {
    code: 'accessDenied',
    inner: 'deviceNotCompliant',
    message: 'A rule of the organization refuses this device.',
    reasons: [],
    requestId: '7f3c-91ba-e2d4',
    at: hoursAgo(0),
  },
};

/** A PC that is too old, whose organization lets it install quality updates itself. */
export function tooOld(updates?: UpdatesView): RestoreStage {
  return {
    kind: 'blocked',
    fault: {
      code: 'notAllowed',
      message: 'Restore is not possible on this PC.',
      reasons: [
        {
          code: 'buildTooOld',
          facts: { build: '42.9', family: 'GNOME', needed: '43' },
          remedy: 'installUpdates',
        },
      ],
      at: hoursAgo(0),
    },
    ...(updates === undefined ? {} : { updates }),
  };
}

export const UNREACHABLE = {
  code: 'serviceUnreachable',
  message: 'The service does not answer.',
  reasons: [],
} as const;

/** What the agent answers while a restore stands at `stage`; `more` adds or replaces answers. */
export function saying(stage: RestoreStage, more: Answers = {}): Answers {
  return {
    'GET /api/restore': aView(stage),
    'GET /api/restore/points': {
      value: [
        { seq: 7, takenAt: hoursAgo(24), settingCount: 41, appCount: 23, thin: false },
        { seq: 5, takenAt: hoursAgo(24 * 9), settingCount: 40, appCount: 22, thin: false },
        { seq: 4, takenAt: hoursAgo(24 * 17), settingCount: 3, appCount: 0, thin: true },
      ],
    },
    'GET /api/restore/plan': PLAN,
    'GET /api/undo': {
      from: 'AUE-LT-0417',
      restoredAt: hoursAgo(1),
      until: hoursAgo(-24 * 27),
      back: 39,
      kept: ['Wallpaper', 'Volume', 'Text size'],
      appsStay: 22,
    },
    ...more,
  };
}
