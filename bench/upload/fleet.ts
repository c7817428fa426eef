/**
 * An organization with many devices that have backed up for months: made with the service's own commands and keys, in
 * the folder that a service is started on afterwards.
 *
 * Every device belongs to a person of its own and has as many checked backups as are kept, so that each upload measured
 * pushes an old one out.
 */

import { createPrivateKey, createPublicKey, hash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Json } from '../../model/src/canonical.ts';
import { DEFAULTS } from '../../model/src/policy.ts';
import { CLIENTS } from '../../model/src/wire.ts';
import { changeBy } from '../../server/src/audit/audit.ts';
import { configFrom } from '../../server/src/config.ts';
import type { Store } from '../../server/src/db/command.ts';
import { addDevice } from '../../server/src/devices/enrollment-store.ts';
import { addUser } from '../../server/src/directory/administration.ts';
import type { Keys } from '../../server/src/keys/keys.ts';
import { assignPolicy, putPolicy } from '../../server/src/policies/store.ts';
import { createProfile } from '../../server/src/profiles/profiles.ts';
import { openDatabases } from '../../server/src/serve.ts';
import { createSigningKeyRing } from '../../server/src/signin/signing-keys.ts';
import { markChecked } from '../../server/src/snapshots/checked.ts';
import { unitIdOf } from '../../server/src/snapshots/places.ts';
import { commitUpload } from '../../server/src/snapshots/snapshots.ts';
import { createSetupCode, found } from '../../server/src/tenants/tenants.ts';
import { aPolicy } from '../../server/testing/backups.ts';
import { newProofKey } from '../../server/testing/proofs.ts';
import { SAMPLE_DEVICE } from '../../server/testing/service.ts';
import { aRequestId } from '../../server/testing/uploads.ts';
import { type Device, freshContent, nextBackup, type TokenSigner } from './device.ts';

export interface Fleet {
  readonly devices: readonly Device[];
  readonly signer: TokenSigner;
}

/** Devices made at once; the writer commits in groups. */
const AT_ONCE = 256;

/** Makes it in `folder`, laid out as the service process expects. */
export async function aFleet(folder: string, count: number): Promise<Fleet> {
  const config = configFrom({
    DATA_FOLDER: join(folder, 'data'),
    DEPLOYMENT_KEY_FILE: join(folder, 'deployment.key'),
  });
  const { store, keys } = await openDatabases(config, async () => true);
  try {
    const { tenantId, userId } = await anOrganization(store);
    const [newest] = (await createSigningKeyRing(keys, Temporal.Now.instant).of(tenantId)).jwks;
    if (newest === undefined) throw new Error('The organization has no signing key.');
    const privateKey = createPrivateKey({ key: newest, format: 'jwk' });
    const devices: Device[] = [];
    for (let made = 0; made < count; made += AT_ONCE) {
      const size = Math.min(AT_ONCE, count - made);
      const some = Array.from({ length: size }, () => enrolled(store, keys, { tenantId, userId }));
      devices.push(...(await Promise.all(some)));
    }
    for (let seq = 1; seq <= DEFAULTS.keptSnapshots; seq += 1) await backUpAll(store, keys, devices);
    return { devices, signer: { kid: newest.kid, privateKey, publicKey: createPublicKey(privateKey) } };
  } finally {
    await store.close();
    await keys.close();
  }
}

async function anOrganization(store: Store) {
  const now = Temporal.Now.instant();
  const founded = await found(
    store,
    {
      code: await createSetupCode(store, now),
      organization: 'Contoso',
      userPrincipalName: 'admin@contoso.example',
      displayName: 'Administrator',
      password: randomUUID(),
    },
    { served: { cloud: 'private', regions: ['local'] }, now },
  );
  const change = () => changeBy({ ...founded, clientId: CLIENTS.graphCommandLine }, now);
  const policy = { id: randomUUID(), kind: 'configurationPolicy', name: 'Backup' } as const;
  await store.write(putPolicy, change(), { ...policy, body: aPolicy('Backup', true) as unknown as Json });
  const target = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' } as const;
  await store.write(assignPolicy, change(), policy.id, [{ id: randomUUID(), target }]);
  return founded;
}

/** A person and the device they enrolled. */
async function enrolled(store: Store, keys: Keys, by: { tenantId: string; userId: string }): Promise<Device> {
  const now = Temporal.Now.instant();
  const owner = { tenantId: by.tenantId, userId: randomUUID() };
  const [deviceId, profileId, key] = [randomUUID(), randomUUID(), newProofKey()];
  const facts = { ...SAMPLE_DEVICE, machineHash: hash('sha256', deviceId, 'hex') };
  const user = {
    userPrincipalName: `${owner.userId}@contoso.example`,
    displayName: 'Somebody',
    passwordHash: null,
    mustChangePassword: false,
    roles: [],
  };
  await store.write(addUser, changeBy({ ...by, clientId: CLIENTS.graphCommandLine }, now), owner.userId, user);
  await createProfile(store, owner, { profileId, deviceId, now });
  await store.write(addDevice, changeBy({ ...owner, clientId: CLIENTS.agent }, now), {
    owner,
    jkt: key.jkt,
    deviceId,
    profileId,
    facts,
    joinType: 'joined',
    formerDeviceId: null,
    restorePageAtEnrollment: true,
    provisioning: { mode: 'manual' },
  });
  return { owner, deviceId, profileId, key, digestKey: await keys.digestKey(owner), facts, head: null };
}

/** One more backup of every device, checked at once. */
async function backUpAll(store: Store, keys: Keys, devices: readonly Device[]): Promise<void> {
  const now = Temporal.Now.instant();
  const content = freshContent();
  for (let at = 0; at < devices.length; at += AT_ONCE)
    await Promise.all(
      devices.slice(at, at + AT_ONCE).map(async (device) => {
        const { owner, profileId } = device;
        const parts = nextBackup(device, content);
        const { seq } = await commitUpload({ store, keys }, { owner, profileId, requestId: aRequestId(), parts, now });
        const settings = parts.head.manifest.units.reduce((sum, { settingCount }) => sum + settingCount, 0);
        await store.write(markChecked, owner, {
          profileId,
          seq,
          state: 'valid',
          thin: false,
          settingCount: settings,
          appCount: 0,
          units: parts.head.manifest.units.map(({ payloadType, contentId, settingCount }) => ({
            unitId: unitIdOf(profileId, payloadType, contentId),
            createdAt: now.epochMilliseconds,
            state: 'valid' as const,
            settingCount,
          })),
          badBlobs: [],
        });
      }),
    );
}
