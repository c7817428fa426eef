/**
 * A person's backups in Graph's words: windowsSetting and windowsSettingInstance, the device profile among them.
 *
 * Every unit of a device is one windowsSetting with one instance, whose payload is what the device captured, as base64 of
 * UTF-8 JSON. The device profile is made here, one setting for each device with one instance: Microsoft's documents show
 * one setting with many instances, Microsoft's scripts read the first instance only, and this satisfies both.
 *
 * windowsDeviceId is the profile id, as in Microsoft's payloads, where it equals profileId without the braces.
 *
 * Source: windowsSetting in Graph's v1.0 metadata; graph reference sections 2.1, 2.4, 2.5.
 */

import { KnownError } from '@carryover/model/errors';
import type { Owner } from '../db/schema.ts';
import { listProfiles, type ProfileFacts } from '../profiles/profiles.ts';
import { listHeads, type OpenedHead, type Storage } from '../snapshots/snapshots.ts';

export interface WindowsSettingInstance {
  readonly id: string;
  readonly createdDateTime: string;
  readonly lastModifiedDateTime: string;
  readonly expirationDateTime: string;
  readonly payload: string;
}

export interface WindowsSetting {
  readonly '@odata.type': '#microsoft.graph.windowsSetting';
  readonly id: string;
  readonly payloadType: string;
  readonly settingType: 'backup' | 'roaming';
  readonly windowsDeviceId: string;
  readonly instances: readonly WindowsSettingInstance[];
}

export interface Asked {
  /** At most so many. */
  readonly top: number;
  /** Id of the last one already shown. */
  readonly after?: string | undefined;
  readonly windowsDeviceId?: string | undefined;
  readonly settingType?: string | undefined;
}

const DEVICE_PROFILE = 'windows.data.platform.backuprestore.deviceprofile';
/** How long an instance stays unless it is deleted, as Microsoft's samples show it. */
const EXPIRES_AFTER = Temporal.Duration.from({ years: 10 });

/** A person's settings in the order of their ids. */
export async function listWindowsSettings(storage: Storage, owner: Owner, asked: Asked): Promise<WindowsSetting[]> {
  // What roams is kept equal everywhere and belongs to no device; until roaming comes there is none of it.
  if (asked.settingType !== undefined && asked.settingType !== 'backup') return [];
  const { top, after, windowsDeviceId } = asked;
  const profiles = (await deviceProfiles(storage, owner))
    .filter((setting) => windowsDeviceId === undefined || setting.windowsDeviceId === windowsDeviceId)
    .filter(({ id }) => after === undefined || id > after);
  const heads = await listHeads(storage, owner, {
    top,
    ...(after === undefined ? {} : { after }),
    ...(windowsDeviceId === undefined ? {} : { profileId: windowsDeviceId }),
  });
  return [...profiles, ...heads.map(toWindowsSetting)].toSorted((a, b) => (a.id < b.id ? -1 : 1)).slice(0, top);
}

/** Errors: itemNotFound. */
export async function getWindowsSetting(storage: Storage, owner: Owner, id: string): Promise<WindowsSetting> {
  const profile = (await deviceProfiles(storage, owner)).find((setting) => setting.id === id);
  if (profile !== undefined) return profile;
  const [head] = await listHeads(storage, owner, { top: 1, settingId: id });
  if (head === undefined) throw new KnownError('itemNotFound', 'There is no setting with this id.');
  return toWindowsSetting(head);
}

/** A device that has not backed up yet has nothing to tell. */
async function deviceProfiles({ store }: Storage, owner: Owner): Promise<WindowsSetting[]> {
  return (await listProfiles(store, owner)).flatMap((facts) =>
    facts.lastBackupAt === undefined ? [] : deviceProfile(facts, facts.lastBackupAt),
  );
}

function toWindowsSetting(head: OpenedHead): WindowsSetting {
  return {
    '@odata.type': '#microsoft.graph.windowsSetting',
    id: head.settingId,
    payloadType: head.payloadType,
    settingType: 'backup',
    windowsDeviceId: head.profileId,
    instances: [
      {
        id: head.instanceId,
        createdDateTime: head.createdAt.toString(),
        lastModifiedDateTime: head.modifiedAt.toString(),
        expirationDateTime: head.expiresAt.toString(),
        payload: Buffer.from(head.content).toString('base64'),
      },
    ],
  };
}

function deviceProfile(profile: ProfileFacts, lastBackupAt: Temporal.Instant): WindowsSetting {
  const { profileId, deviceName, createdAt, build } = profile;
  const payload = {
    profileId: `{${profileId}}`,
    deviceDisplayName: deviceName,
    createdBy: 'agent',
    sourceProfileId: '',
    createdTime: seconds(createdAt),
    modifiedTime: seconds(lastBackupAt),
    isActive: true,
    lastFullBackupCompletedTime: seconds(lastBackupAt),
    osVersion: build,
  };
  return {
    '@odata.type': '#microsoft.graph.windowsSetting',
    id: `{${profileId}}$${DEVICE_PROFILE}`,
    payloadType: DEVICE_PROFILE,
    settingType: 'backup',
    windowsDeviceId: profileId,
    instances: [
      {
        id: profileId,
        createdDateTime: createdAt.toString(),
        lastModifiedDateTime: lastBackupAt.toString(),
        expirationDateTime: lastBackupAt.toZonedDateTimeISO('UTC').add(EXPIRES_AFTER).toInstant().toString(),
        payload: Buffer.from(JSON.stringify(payload)).toString('base64'),
      },
    ],
  };
}

/** Graph's device profile counts seconds since the epoch. */
function seconds(instant: Temporal.Instant): number {
  return Math.floor(instant.epochMilliseconds / 1000);
}
