/**
 * The service in memory, as a Client: the answers that wire.ts promises, for tests of the flows.
 *
 * It checks what the real one checks of an upload (chain, missing parts, policy, digests of the transfer) and counts
 * requests. Tests reach into `profiles` to play a service that lost or damaged something.
 */

import { createHash, randomUUID } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { decodeParts, encodeParts, type Part } from '@carryover/model/parts';
import { type EffectivePolicy, effectivePolicy } from '@carryover/model/policy';
import { explain } from '@carryover/model/policy-explain';
import { categoriesOn, type Preferences } from '@carryover/model/preferences';
import type { Reason } from '@carryover/model/reasons';
import { reasonsAt } from '@carryover/model/restore-occasion';
import { sameContent } from '@carryover/model/snapshot';
import type {
  CheckIn,
  OfferedProfile,
  ReportBody,
  RestoreChoice,
  SnapshotContentHead,
  SnapshotHead,
  SnapshotReceipt,
} from '@carryover/model/wire';
import type { Client } from '../src/client/client.ts';

interface StoredProfile {
  readonly id: string;
  deviceName: string;
  snapshots: { head: SnapshotHead; seq: number }[];
  lastBackupAt: string;
}

export interface MemoryService {
  policy: EffectivePolicy;
  preferences: Preferences;
  /** "offline": no answer at all. */
  offline: boolean;
  readonly digestKey: string;
  readonly profiles: Map<string, StoredProfile>;
  readonly contents: Map<string, Uint8Array>;
  readonly requests: string[];
  readonly sessions: Map<string, { choice: RestoreChoice; reports: ReportBody[] }>;
  /** Devices (by their profile) that were set up as new, as often as it was said. */
  readonly setUpAsNew: string[];
  /** Called before each upload is looked at: what happens in between. */
  beforePut: (() => void | Promise<void>) | undefined;
  /** Called once a restore or report is taken in. */
  afterChange: (() => void) | undefined;
  clientOf(profileId: string): Client;
  checkIn(profileId: string): Omit<CheckIn, 'session'>;
}

/** Everything a service holds, as text: for a test whose device is another process. */
export function dumpOf({
  policy,
  preferences,
  digestKey,
  profiles,
  contents,
  requests,
  sessions,
  setUpAsNew,
}: MemoryService): string {
  const bytes = [...contents].map(([id, content]) => [id, Buffer.from(content).toString('base64')]);
  return JSON.stringify({
    policy,
    preferences,
    digestKey,
    profiles: [...profiles],
    bytes,
    requests,
    sessions: [...sessions],
    setUpAsNew,
  });
}

export function serviceFrom(dump: string): MemoryService {
  const { policy, preferences, digestKey, profiles, bytes, requests, sessions, setUpAsNew } = JSON.parse(dump);
  const service = memoryService({ digestKey });
  service.policy = policy;
  service.preferences = preferences;
  for (const [id, profile] of profiles) service.profiles.set(id, profile);
  for (const [id, content] of bytes) service.contents.set(id, Buffer.from(content, 'base64'));
  for (const [id, session] of sessions) service.sessions.set(id, session);
  service.requests.push(...requests);
  service.setUpAsNew.push(...setUpAsNew);
  return service;
}

const NOW = '2026-11-25T10:00:00Z';

export function memoryService(initial: { readonly digestKey?: string } = {}): MemoryService {
  const service: MemoryService = {
    policy: effectivePolicy(
      { backupEnabled: true, restoreEnabled: true },
      { version: 1, organization: 'Auental County', restorePageAtEnrollment: true },
    ),
    preferences: {},
    offline: false,
    digestKey: initial.digestKey ?? createHash('sha256').update('a person').digest('hex'),
    profiles: new Map(),
    contents: new Map(),
    requests: [],
    sessions: new Map(),
    setUpAsNew: [],
    beforePut: undefined,
    afterChange: undefined,
    checkIn: (profileId) => checkInOf(service, profileId),
    clientOf: (profileId) => clientOf(service, profileId),
  };
  return service;
}

function checkInOf(service: MemoryService, profileId: string): Omit<CheckIn, 'session'> {
  const { policy, preferences, digestKey } = service;
  const off = (on: boolean, code: 'notSwitchedOn' | 'restoreNotSwitchedOn' | 'restorePageOff'): Reason[] =>
    on ? [] : [{ code, facts: { org: policy.organization } }];
  const profile = service.profiles.get(profileId);
  const last = profile?.snapshots.at(-1);
  return {
    now: NOW,
    policy,
    preferences,
    eligibility: {
      backup: off(policy.backupEnabled, 'notSwitchedOn'),
      restoreAtSetup: off(policy.restorePageAtEnrollment, 'restorePageOff'),
      restoreAtFirstSignIn: off(policy.restoreEnabled, 'restoreNotSwitchedOn'),
      restoreOnDemand: off(policy.restoreEnabled, 'restoreNotSwitchedOn'),
    },
    digestKey,
    profileId,
    head: last && profile ? { seq: last.seq, mac: last.head.mac, lastBackupAt: profile.lastBackupAt } : null,
    minimumAgent: '0.1.0',
  };
}

function clientOf(service: MemoryService, profileId: string): Client {
  const asked = (name: string) => {
    service.requests.push(name);
    if (service.offline) throw new KnownError('serviceUnreachable', 'The service cannot be reached.');
  };
  return {
    enroll: () => Promise.reject(new Error('not in this test')),
    unenroll: () => Promise.reject(new Error('not in this test')),
    async checkIn() {
      asked('checkIn');
      return { ...checkInOf(service, profileId), session: { id: 's', key: '00'.repeat(32), expiresInSeconds: 60 } };
    },
    async getPolicy() {
      asked('getPolicy');
      return { policy: service.policy, explained: explain([]) };
    },
    async putSnapshot(head, contents) {
      asked('putSnapshot');
      await service.beforePut?.();
      return put(service, profileId, head, contents);
    },
    async getPreferences() {
      asked('getPreferences');
      return service.preferences;
    },
    async putPreferences(preferences) {
      asked('putPreferences');
      service.preferences = preferences;
      return preferences;
    },
    async listProfiles() {
      asked('listProfiles');
      return offered(service);
    },
    async listSnapshots(id) {
      asked('listSnapshots');
      return (service.profiles.get(id)?.snapshots ?? []).toReversed().map(({ seq, head }) => ({
        seq,
        takenAt: NOW,
        settingCount: head.manifest.units.reduce((sum, { settingCount }) => sum + settingCount, 0),
        appCount: 0,
        state: 'valid',
        thin: false,
      }));
    },
    async getSnapshot(id, seq) {
      asked('getSnapshot');
      return snapshotOf(service, id, seq);
    },
    async getBlob(_, blobId) {
      asked('getBlob');
      const content = service.contents.get(blobId);
      if (content === undefined) throw new KnownError('itemNotFound', 'There is no such blob.');
      return content;
    },
    async startRestore(choice) {
      asked('startRestore');
      const reasons = reasonsAt(choice.occasion ?? 'demand', checkInOf(service, profileId).eligibility);
      if (reasons.length > 0) throw new KnownError('accessDenied', 'Restore is off.', { inner: 'policy' });
      const sessionId = randomUUID();
      service.sessions.set(sessionId, { choice, reports: [] });
      service.afterChange?.();
      return { sessionId };
    },
    async setUpAsNew() {
      asked('setUpAsNew');
      service.setUpAsNew.push(profileId);
      service.afterChange?.();
    },
    async reportRestore(sessionId, report) {
      asked('reportRestore');
      service.sessions.get(sessionId)?.reports.push(report);
      service.afterChange?.();
    },
  };
}

function put(
  service: MemoryService,
  profileId: string,
  head: SnapshotHead,
  contents: readonly Uint8Array[],
): SnapshotReceipt {
  const { parts } = decodeParts<SnapshotHead>(encodeParts(head, contents)).head;
  const { manifest } = head;
  const on = service.policy.backupEnabled ? categoriesOn(service.policy, service.preferences) : [];
  if (manifest.categories.some((category) => !on.includes(category)))
    throw new KnownError('accessDenied', 'The policy has changed.', {
      inner: 'policy',
      details: { policy: service.policy, reasons: [] },
    });
  const profile = service.profiles.get(profileId) ?? {
    id: profileId,
    deviceName: manifest.deviceName,
    snapshots: [],
    lastBackupAt: NOW,
  };
  const last = profile.snapshots.at(-1);
  if ((last?.seq ?? 0) !== (manifest.previous?.seq ?? 0) || last?.head.mac !== manifest.previous?.mac)
    throw new KnownError('conflict', 'There is a newer snapshot.', {
      inner: 'notPrevious',
      details: { head: last ? { seq: last.seq, mac: last.head.mac, lastBackupAt: NOW } : null },
    });
  for (const [index, part] of parts.entries()) keep(service, part, contents[index] ?? new Uint8Array());
  const lacks = (ids: readonly string[]) => ids.filter((id) => !service.contents.has(id));
  const units = lacks(manifest.units.map(({ contentId }) => contentId));
  const blobs = lacks(manifest.units.flatMap((unit) => unit.blobs.map(({ blobId }) => blobId)));
  if (units.length + blobs.length > 0)
    throw new KnownError('conflict', 'Parts are missing.', { inner: 'partsMissing', details: { units, blobs } });
  service.profiles.set(profileId, profile);
  profile.lastBackupAt = NOW;
  const policyVersion = service.policy.version;
  if (last !== undefined && sameContent(last.head.manifest, manifest))
    return { seq: last.seq, mac: last.head.mac, stored: false, lastBackupAt: NOW, policyVersion };
  const seq = (last?.seq ?? 0) + 1;
  profile.snapshots.push({ head, seq });
  return { seq, mac: head.mac, stored: true, lastBackupAt: NOW, policyVersion };
}

function keep(service: MemoryService, { id, sha256 }: Part, content: Uint8Array): void {
  if (createHash('sha256').update(content).digest('hex') !== sha256)
    throw new KnownError('invalidRequest', 'A part was damaged on the way.');
  service.contents.set(id, content);
}

function offered(service: MemoryService): OfferedProfile[] {
  return [...service.profiles.values()].map((profile, index) => {
    const newest = profile.snapshots.at(-1);
    return {
      id: profile.id,
      deviceId: profile.id,
      deviceName: profile.deviceName,
      platform: 'linux',
      osName: newest?.head.manifest.osName ?? '',
      lastBackupAt: profile.lastBackupAt,
      settingCount: 1,
      appCount: 0,
      defaultSeq: newest?.seq ?? 0,
      headSeq: newest?.seq ?? 0,
      recommended: index === 0,
    };
  });
}

function snapshotOf(service: MemoryService, profileId: string, seq: number) {
  const found = service.profiles.get(profileId)?.snapshots.find((snapshot) => snapshot.seq === seq);
  if (found === undefined) throw new KnownError('itemNotFound', 'There is no such snapshot.');
  const { manifest } = found.head;
  const contents = manifest.units.map(({ contentId }) => service.contents.get(contentId) ?? new Uint8Array());
  const parts = manifest.units.map(({ contentId }, index) => ({
    kind: 'unit' as const,
    id: contentId,
    bytes: contents[index]?.length ?? 0,
    sha256: createHash('sha256')
      .update(contents[index] ?? '')
      .digest('hex'),
  }));
  const head: SnapshotContentHead = { profileId, seq, takenAt: NOW, manifest, withheld: [], parts };
  return { head, contents };
}
