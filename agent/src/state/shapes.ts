/**
 * Whether what a state file holds is what it should be: checked once, when read, and trusted afterwards.
 *
 * It looks at what the agent relies on; members it does not know stay (a newer agent may have written them). Pure.
 */

import { RESTORE_OCCASIONS } from '@carryover/model/restore-occasion';
import type { CheckIn } from '@carryover/model/wire';
import type { StateFiles } from './state.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string' && value !== '';
const number: Check = (value) => typeof value === 'number' && Number.isFinite(value);
const count: Check = (value) => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const yesOrNo: Check = (value) => typeof value === 'boolean';
const instant: Check = (value) => typeof value === 'string' && isInstant(value);
const hex: Check = (value) => typeof value === 'string' && /^[0-9a-f]+$/.test(value);
const https: Check = (value) => typeof value === 'string' && /^https?:\/\//.test(value) && URL.canParse(value);

const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const oneOf =
  (...choices: readonly string[]): Check =>
  (value) =>
    typeof value === 'string' && choices.includes(value);
const each =
  (check: Check): Check =>
  (value) =>
    isRecord(value) && Object.values(value).every(check);
const list: Check = Array.isArray;
const members =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isRecord(value) && Object.entries(checks).every(([name, check]) => check(value[name]));

const head = members({ seq: count, mac: hex, lastBackupAt: instant });

const policy = members({
  version: count,
  organization: text,
  backupEnabled: yesOrNo,
  restoreEnabled: yesOrNo,
  restorePageAtEnrollment: yesOrNo,
  categories: each(oneOf('on', 'off', 'locked')),
  backupIntervalDays: number,
  deviceCodeAllowed: yesOrNo,
  allowedAppSources: list,
  roamingEnabled: yesOrNo,
  spreadHours: number,
  staleAfterDays: number,
  meteredAllowed: yesOrNo,
  imagesAllowed: yesOrNo,
  secretsAllowed: yesOrNo,
  runsCodeAllowed: yesOrNo,
  installQualityUpdates: yesOrNo,
  blockers: list,
  origins: each(members({ source: text, policy: text })),
});

const token = members({ accessToken: text, expiresAt: number, refreshToken: maybe(text) });

const checkIn = members({
  now: instant,
  policy,
  preferences: each(oneOf('on', 'off')),
  eligibility: members({
    backup: list,
    restoreAtSetup: list,
    restoreAtFirstSignIn: list,
    restoreOnDemand: list,
  }),
  digestKey: hex,
  profileId: text,
  head: orNull(head),
  minimumAgent: text,
  slowDownSeconds: maybe(count),
  offerOpen: maybe(yesOrNo),
});

const SHAPES: Readonly<Record<keyof StateFiles, Check>> = {
  enrollment: members({
    serviceUrl: https,
    issuer: https,
    tokenEndpoint: https,
    tenantId: text,
    organization: text,
    deviceId: text,
    profileId: text,
    joinType: oneOf('joined', 'hybrid', 'registered'),
    userId: text,
    userPrincipalName: text,
    displayName: text,
    enrolledAt: instant,
    caPin: maybe(hex),
    ca: maybe(text),
  }),
  'device-key': members({
    privateJwk: members({ kty: oneOf('EC'), crv: oneOf('P-256'), x: text, y: text, d: text }),
  }),
  tokens: members({ enrollment: maybe(token), backup: maybe(token), restore: maybe(token) }),
  service: members({
    checkIn,
    clockOffsetMs: number,
    checkedInAt: instant,
    backupAllowedSince: maybe(instant),
    localMark: maybe(text),
  }),
  acknowledged: members({
    seq: count,
    mac: hex,
    units: each(text),
    settingCount: count,
    appCount: count,
    lastBackupAt: instant,
    fingerprint: (value) => typeof value === 'string',
    watched: list,
    manifest: members({ format: number, capturedAt: instant, categories: list, units: list }),
  }),
  attempts: members({
    failures: count,
    lastFailureAt: maybe(instant),
    lastError: maybe(members({ code: text, message: text })),
    retryAfterSeconds: maybe(count),
    missed: maybe(members({ noticedAt: instant, times: count })),
  }),
  schedule: members({ kind: oneOf('systemd', 'cron', 'taskScheduler'), installedAt: instant }),
  choice: members({
    id: text,
    choice: (value) =>
      members({ kind: oneOf('new') })(value) ||
      members({
        kind: oneOf('profile'),
        profileId: text,
        deviceName: text,
        seq: maybe(count),
        only: list,
        skip: list,
        occasion: maybe(oneOf(...RESTORE_OCCASIONS)),
      })(value),
    decidedAt: instant,
    told: yesOrNo,
    sessionId: maybe(text),
    desktopAt: maybe(instant),
    ended: maybe(members({ what: oneOf('restored', 'refused'), at: instant, seen: yesOrNo })),
  }),
  switches: each(oneOf('on', 'off')),
};

const session = members({ id: text, key: hex, expiresInSeconds: number });

/** Whether `value` is a check-in as the service answers it: what is kept of it is a state file. */
export function isCheckIn(value: unknown): value is CheckIn {
  return checkIn(value) && members({ session })(value);
}

/** Whether `value` can be used as the content of this state file. */
export function hasShape<Name extends keyof StateFiles>(name: Name, value: unknown): value is StateFiles[Name] {
  return SHAPES[name](value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isInstant(value: string): boolean {
  try {
    Temporal.Instant.from(value);
    return true;
  } catch {
    return false;
  }
}
