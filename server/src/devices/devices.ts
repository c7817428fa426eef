/**
 * Devices: enrolling one, its check-ins, and its leaving.
 *
 * The door of this context. A new enrollment is a new device with a profile of its own, linked to what this PC was
 * before; the same key on the same PC is the same device. The join type is decided here, never by the agent. One key on
 * two PCs is a clone: the device is set aside until someone looks.
 */

import { hash, randomBytes } from 'node:crypto';
import { type DeviceFacts, type JoinType, joinTypeOf, type Provisioning } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import { occasionAmong, RESTORE_OCCASIONS } from '@carryover/model/restore-occasion';
import type { CheckIn, CheckInRequest, Enrollment, EnrollmentRequest } from '@carryover/model/wire';
import { freshSalt } from '../audit/audit.ts';
import { provisioningOf } from '../autopilot/autopilot.ts';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { getPerson } from '../directory/directory.ts';
import type { Caller } from '../http/caller.ts';
import type { Sessions } from '../http/session.ts';
import type { Keys } from '../keys/keys.ts';
import { organizationDomainsOf } from '../policies/join-settings.ts';
import { localPolicyText, type ToldPolicy } from '../policies/local-policy.ts';
import { joiningOf } from '../policies/policies.ts';
import { showsRestorePage } from '../policies/restore-page.ts';
import { headFrom, listOffered } from '../profiles/profiles.ts';
import { mustBeServed, type Standing, type StandingParts, standingFrom } from '../standing/standing.ts';
import { getTenant } from '../tenants/tenants.ts';
import { noteCheckIn } from './check-in-store.ts';
import { addDevice, joinDevice, type NewDevice, quarantineClone } from './enrollment-store.ts';
import {
  type DeviceChange,
  findDevice,
  findDeviceKey,
  findFormerDevice,
  hasChosen,
  removeDevice,
  renewProfile,
} from './store.ts';
import { addEnrollmentToken, findTokenProfile } from './token-store.ts';

/** Oldest agent that this service understands. */
const MINIMUM_AGENT = '0.1.0';

export interface DeviceParts extends StandingParts {
  readonly keys: Keys;
  readonly sessions: Sessions;
  /** What devices are asked to wait now; undefined when the service is not busy. */
  readonly slowDownSeconds: () => number | undefined;
}

/**
 * A PC is joined when the person may join it or IT's token says so, and hybrid when it is in a domain of the organization
 * as well; any other is registered, and neither backs up nor restores. A registered PC that comes again with a token is
 * joined from then on. What decides about the set-up (restore page, Autopilot profile) is kept as it is now.
 *
 * Errors: accessDenied (inner enrollmentToken, deviceQuarantined, wrongRegion).
 */
export async function enroll(
  parts: DeviceParts,
  caller: Caller,
  { device: facts, enrollmentToken, serialNumber }: EnrollmentRequest,
  now: Temporal.Instant,
): Promise<Enrollment> {
  const { store } = parts;
  const { tenantId, userId } = caller;
  mustBeServed((await getTenant(store, tenantId)).place, parts.served);
  const owner = { tenantId, userId };
  const jkt = keyOf(caller);
  const tokenHash = enrollmentToken === undefined ? undefined : tokenDigest(enrollmentToken);
  const before = await findDeviceKey(store, owner, jkt);
  if (before !== undefined) {
    await mustBeTheSamePc(store, caller, { ...before, facts, now });
    if (tokenHash !== undefined) {
      const joinType = await joinTypeFor(store, tenantId, { facts, allowed: true });
      await store.write(joinDevice, changeBy(caller, now), before.deviceId, { joinType, tokenHash });
    }
    return enrollmentOf(parts, { ...caller, deviceId: before.deviceId, profileId: before.profileId }, facts, now);
  }

  const allowed = tokenHash !== undefined || (await joiningOf(store, tenantId)) === 'all';
  const deviceId = crypto.randomUUID();
  const joinType = await joinTypeFor(store, tenantId, { facts, allowed });
  const [restorePageAtEnrollment, known] = await Promise.all([
    showsRestorePage(store, { tenantId, userId, deviceId, enrolling: { ...facts, joinType } }),
    knownPc(store, owner, { facts, serialNumber, tokenHash }),
  ]);
  const device = await newDevice(store, { owner, jkt, facts, deviceId, joinType, restorePageAtEnrollment, ...known });
  await store.write(addDevice, changeBy(caller, now), {
    ...device,
    ...(tokenHash === undefined ? {} : { tokenHash }),
  });
  return enrollmentOf(parts, { ...caller, deviceId, profileId: device.profileId }, facts, now);
}

async function joinTypeFor(
  store: Store,
  tenantId: string,
  { facts, allowed }: { readonly facts: DeviceFacts; readonly allowed: boolean },
): Promise<JoinType> {
  const organizationDomains = await organizationDomainsOf(store, tenantId);
  return joinTypeOf({ allowed, domain: facts.osJoin?.domain, organizationDomains });
}

async function knownPc(
  store: Store,
  { tenantId, userId }: Owner,
  asked: {
    readonly facts: DeviceFacts;
    readonly serialNumber: string | undefined;
    readonly tokenHash: string | undefined;
  },
) {
  const { facts, serialNumber, tokenHash } = asked;
  const tokenProfileId = tokenHash === undefined ? undefined : await findTokenProfile(store, tenantId, tokenHash);
  return provisioningOf(store, { tenantId, userId, machineHash: facts.machineHash, serialNumber, tokenProfileId });
}

/**
 * What this device may and shall do now, and a session for what follows. Errors: accessDenied (deviceQuarantined,
 * wrongRegion).
 */
export async function checkIn(
  parts: DeviceParts,
  caller: Caller & { readonly deviceId: string; readonly profileId: string },
  said: Pick<CheckInRequest, 'device' | 'failedRuns'> & { readonly localPolicy?: ToldPolicy },
  now: Temporal.Instant,
): Promise<CheckIn> {
  const { device: facts, failedRuns, localPolicy } = said;
  const { store, keys, sessions, slowDownSeconds } = parts;
  const { tenantId, userId, deviceId, profileId } = caller;
  const told = {
    deviceId,
    profileId,
    facts,
    localPolicy: localPolicyText(localPolicy),
    ...(failedRuns === undefined ? {} : { failedRuns }),
  };
  const [noted, digestKey] = await Promise.all([
    store.write(noteCheckIn, { tenantId, userId }, told, now.epochMilliseconds),
    keys.digestKey({ tenantId, userId }),
  ]);
  if (noted === undefined) {
    const registered = await findDeviceKey(store, caller, keyOf(caller));
    if (registered === undefined) throw deviceUnknown();
    await mustBeTheSamePc(store, caller, { ...registered, facts, now });
    return checkIn(parts, caller, said, now);
  }
  if (noted.profile === undefined) return checkIn(parts, await withNewProfile(store, caller, now), said, now);
  const standing = await standingFrom(parts, { tenantId, userId }, { ...noted, deviceId });
  const head = headFrom(noted.profile);
  const slowDown = slowDownSeconds();
  const offerOpen = head === null && (await hasOpenOffer(store, { tenantId, userId }, standing));
  return {
    now: now.toString(),
    policy: standing.policy,
    preferences: standing.preferences,
    eligibility: standing.eligibility,
    digestKey: Buffer.from(digestKey).toString('hex'),
    profileId,
    head,
    session: sessions.grant(caller),
    minimumAgent: MINIMUM_AGENT,
    ...(slowDown === undefined ? {} : { slowDownSeconds: slowDown }),
    ...(offerOpen ? { offerOpen } : {}),
  };
}

/** Whether the person may restore to this device, has something to choose from, and has not chosen: a backup can wait. */
async function hasOpenOffer(store: Store, owner: Owner, { eligibility, device }: Standing): Promise<boolean> {
  if (occasionAmong(RESTORE_OCCASIONS, eligibility) === undefined) return false;
  if (await hasChosen(store, owner, device.deviceId)) return false;
  return (await listOffered(store, owner, device)).length > 0;
}

/** The person's key on this device is worth nothing from now on; backups stay. */
export async function unenroll(
  { store, sessions }: Pick<DeviceParts, 'store' | 'sessions'>,
  caller: Caller & { readonly deviceId: string },
  now: Temporal.Instant,
): Promise<void> {
  const { tenantId, userId } = caller;
  await store.write(removeDevice, changeBy(caller, now), { tenantId, userId }, caller.deviceId);
  sessions.end(caller.deviceId);
}

/** What http/authenticate.ts asks about a bound token. */
export async function findRegisteredKey(store: Store, owner: Owner, jkt: string) {
  const key = await findDeviceKey(store, owner, jkt);
  return (
    key && {
      deviceId: key.deviceId,
      profileId: key.profileId,
      quarantined: key.state === 'quarantined',
      revoked: key.state === 'revoked',
    }
  );
}

export interface EnrollmentTokenDraft {
  readonly expiresInHours: number;
  readonly uses: number;
  /** The Autopilot profile of the PCs that are set up with it. */
  readonly provisioningProfileId?: string | undefined;
}

export interface EnrollmentToken {
  readonly id: string;
  /** Shown once; only its digest is stored. */
  readonly token: string;
  readonly expiresAt: Temporal.Instant;
  readonly uses: number;
}

/** A token that IT gives out for enrolling devices. */
export async function createEnrollmentToken(
  store: Store,
  caller: Caller,
  { expiresInHours, uses, provisioningProfileId = undefined }: EnrollmentTokenDraft,
  now: Temporal.Instant,
): Promise<EnrollmentToken> {
  const [tokenId, token] = [crypto.randomUUID(), randomBytes(24).toString('base64url')];
  const expiresAt = now.add({ hours: expiresInHours });
  await store.write(addEnrollmentToken, changeBy(caller, now), {
    tokenId,
    tokenHash: tokenDigest(token),
    expiresAt: expiresAt.epochMilliseconds,
    uses,
    createdBy: caller.userId,
    provisioningProfileId: provisioningProfileId ?? null,
  });
  return { id: tokenId, token, expiresAt, uses };
}

interface Enrolling extends Pick<NewDevice, 'owner' | 'jkt' | 'facts' | 'deviceId' | 'joinType'> {
  readonly restorePageAtEnrollment: boolean;
  readonly provisioning: Provisioning;
  readonly identityId?: string;
}

async function newDevice(store: Store, enrolling: Enrolling): Promise<NewDevice> {
  const { owner, facts } = enrolling;
  const formerDeviceId = await findFormerDevice(store, owner, facts.machineHash);
  return { ...enrolling, profileId: crypto.randomUUID(), formerDeviceId };
}

/** Errors: accessDenied (deviceQuarantined) when this key comes from another PC than the one it was enrolled on. */
async function mustBeTheSamePc(
  store: Store,
  caller: Caller,
  found: { deviceId: string; state: string; machineHash: string; facts: DeviceFacts; now: Temporal.Instant },
): Promise<void> {
  if (found.state === 'active' && found.machineHash === found.facts.machineHash) return;
  if (found.state === 'active') {
    const owner = { tenantId: caller.tenantId, userId: caller.userId };
    const clone = await newDevice(store, {
      owner,
      jkt: keyOf(caller),
      facts: found.facts,
      deviceId: crypto.randomUUID(),
      joinType: 'registered',
      restorePageAtEnrollment: false,
      provisioning: { mode: 'manual' },
    });
    await store.write(
      quarantineClone,
      changeBy(caller, found.now),
      { ...clone, formerDeviceId: found.deviceId },
      found.deviceId,
    );
  }
  throw new KnownError('accessDenied', 'Two PCs use the key of this device. Unenroll here, then enroll again.', {
    inner: 'deviceQuarantined',
  });
}

async function enrollmentOf(
  parts: DeviceParts,
  caller: Caller & { readonly deviceId: string; readonly profileId: string },
  facts: DeviceFacts,
  now: Temporal.Instant,
): Promise<Enrollment> {
  const { store } = parts;
  const { tenantId, userId, deviceId, profileId } = caller;
  const [person, device] = await Promise.all([getPerson(store, caller), findDevice(store, tenantId, deviceId)]);
  if (device === undefined) throw deviceUnknown();
  // The session that comes with an enrollment is for what follows: backup.
  const checked = await checkIn(
    parts,
    { ...caller, resource: 'backup', scopes: ['backup.readwrite'] },
    { device: facts },
    now,
  );
  return {
    deviceId,
    profileId,
    joinType: device.joinType,
    person: { userId, userPrincipalName: person.userPrincipalName, displayName: person.displayName },
    tenantId,
    organization: checked.policy.organization,
    enrolledAt: device.enrolledAt.toString(),
    checkIn: checked,
  };
}

/** The caller's profile was deleted: what this device backs up from now on is another one, unlinked to what was. */
async function withNewProfile<Enrolled extends Caller & { readonly deviceId: string; readonly profileId: string }>(
  store: Store,
  caller: Enrolled,
  now: Temporal.Instant,
): Promise<Enrolled> {
  const { tenantId, userId, deviceId, profileId } = caller;
  const deleted = { owner: { tenantId, userId }, jkt: keyOf(caller), deviceId, profileId };
  const fresh = await store.write(renewProfile, deleted, crypto.randomUUID(), now.epochMilliseconds);
  return { ...caller, profileId: fresh };
}

/** Device resources take bound tokens only, so there is always a key. */
function keyOf(caller: Caller): string {
  if (caller.jkt === undefined) throw deviceUnknown();
  return caller.jkt;
}

function deviceUnknown(): KnownError {
  return new KnownError('accessDenied', 'This device is not enrolled for you. Enroll it again.', {
    inner: 'deviceUnknown',
  });
}

function changeBy({ tenantId, userId, clientId }: Caller, now: Temporal.Instant): DeviceChange {
  return { tenantId, at: now.epochMilliseconds, actor: { kind: 'person', userId, clientId }, salt: freshSalt() };
}

function tokenDigest(token: string): string {
  return hash('sha256', `enrollment token\n${token.trim()}`, 'hex');
}
