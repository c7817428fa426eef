/** Restores on the three occasions, and organizations of another region, as the service lets them or refuses them. */

import assert from 'node:assert/strict';
import { RESTORE_OCCASIONS, SETUP_DAYS } from '@carryover/model/restore-occasion';
import type { ReportBody } from '@carryover/model/wire';
import { aPolicyOf, backUp, EVERYBODY, okay, switchOn } from '../../testing/backups.ts';
import { type FreshDatabase, testOnEveryFreshDatabase } from '../../testing/databases.ts';
import {
  aService,
  type EnrolledDevice,
  jsonBody,
  type Organization,
  SAMPLE_DEVICE,
  type SignedIn,
  type TestService,
} from '../../testing/service.ts';
import { tamper } from '../../testing/tampering.ts';
import { restoreConfigurationId, WINDOWS_RESTORE_TYPE } from '../policies/documents.ts';

interface Told {
  readonly status: number;
  readonly inner?: string;
  readonly reasons?: readonly string[];
}

async function toldBy(answer: Promise<Response>): Promise<Told> {
  const response = await answer;
  if (response.ok) return { status: response.status };
  const { error } = (await response.json()) as {
    error: { innerError: { code: string; details?: { reasons?: { code: string }[] } } };
  };
  const { code, details } = error.innerError;
  return { status: response.status, inner: code, reasons: details?.reasons?.map((reason) => reason.code) ?? [] };
}

const refused = (...reasons: string[]): Told => ({ status: 403, inner: 'policy', reasons });
const BEGUN: Told = { status: 201 };
const SHOWN: Told = { status: 200 };

interface Restoring {
  readonly service: TestService;
  readonly organization: Organization;
  readonly device: EnrolledDevice;
  readonly restore: SignedIn;
  /** Asks for a restore; undefined: without a word on the occasion. */
  begin(occasion: string | undefined): Promise<Response>;
  profiles(): Promise<Response>;
  snapshots(): Promise<Response>;
  /** Returns what switches it on again. */
  switchRestoreOff(): Promise<() => Promise<void>>;
}

function withDevice(
  name: string,
  { pageAtEnrollment }: { readonly pageAtEnrollment: boolean },
  run: (restoring: Restoring, database: FreshDatabase) => Promise<void>,
): void {
  testOnEveryFreshDatabase(name, async (database) => {
    const service = await aService({ database });
    try {
      const organization = await service.setUp();
      const { graph } = await switchOn(service, organization);
      const page = `/beta/deviceManagement/deviceEnrollmentConfigurations/${restoreConfigurationId(organization.tenantId)}`;
      const shown = { '@odata.type': WINDOWS_RESTORE_TYPE, state: pageAtEnrollment ? 'enabled' : 'disabled' };
      await okay(await graph.fetch(page, jsonBody('PATCH', shown)));
      const device = await service.enroll(organization.alice, { machineHash: SAMPLE_DEVICE.machineHash });
      const policies = '/beta/deviceManagement/configurationPolicies';
      const switchRestoreOff = async () => {
        const off = aPolicyOf('No restore', [{ policy: 'EnableWindowsRestore', value: false }]);
        const { id } = await okay<{ id: string }>(await graph.fetch(policies, jsonBody('POST', off)));
        await okay(await graph.fetch(`${policies}/${id}/assign`, jsonBody('POST', EVERYBODY)));
        return async () => {
          await okay(await graph.fetch(`${policies}/${id}`, { method: 'DELETE' }));
        };
      };
      const { seq } = await backUp(service, device, [{}]);
      const restore = await device.restore();
      const { deviceId, profileId } = device.enrollment;
      const path = `/device/v1/devices/${deviceId}`;
      await run(
        {
          service,
          organization,
          device,
          restore,
          begin: (occasion) =>
            restore.fetch(
              `${path}/restore-sessions`,
              jsonBody('POST', {
                profileId,
                seq,
                only: [],
                skip: [],
                ...(occasion === undefined ? {} : { occasion }),
              }),
            ),
          profiles: () => restore.fetch(`${path}/profiles`),
          snapshots: () => restore.fetch(`/device/v1/profiles/${profileId}/snapshots`),
          switchRestoreOff,
        },
        database,
      );
    } finally {
      await service.stop();
    }
  });
}

withDevice(
  'with the page on at enrollment and restore switched off since, only a restore at setup is let through',
  { pageAtEnrollment: true },
  async ({ begin, profiles, snapshots, switchRestoreOff }) => {
    await switchRestoreOff();

    assert.deepEqual(await toldBy(begin('setup')), BEGUN);
    assert.deepEqual(await toldBy(begin('firstSignIn')), refused('restoreNotSwitchedOn'));
    assert.deepEqual(await toldBy(begin('demand')), refused('restoreNotSwitchedOn'));
    assert.deepEqual(await toldBy(begin(undefined)), BEGUN);
    assert.deepEqual([await toldBy(profiles()), await toldBy(snapshots())], [SHOWN, SHOWN]);
  },
);

withDevice(
  'with the page off at enrollment and restore switched on since, all but a restore at setup is let through',
  { pageAtEnrollment: false },
  async ({ begin, profiles, switchRestoreOff }) => {
    const switchOnAgain = await switchRestoreOff();
    assert.deepEqual(await toldBy(begin(undefined)), refused('restoreNotSwitchedOn'));
    assert.deepEqual(await toldBy(profiles()), refused('restoreNotSwitchedOn'));
    await switchOnAgain();

    assert.deepEqual(await toldBy(begin('setup')), refused('restorePageOff'));
    assert.deepEqual(await toldBy(begin('firstSignIn')), BEGUN);
    assert.deepEqual(await toldBy(begin('demand')), BEGUN);
    assert.deepEqual(await toldBy(begin(undefined)), BEGUN);
    assert.deepEqual(await toldBy(profiles()), SHOWN);
  },
);

withDevice(
  'a restore at setup that succeeded was the setup: what comes later follows the switch',
  { pageAtEnrollment: true },
  async ({ begin, profiles, snapshots, restore, switchRestoreOff }) => {
    const { sessionId } = await okay<{ sessionId: string }>(await begin('setup'));
    await switchRestoreOff();
    const report: ReportBody = { items: [], durationMs: 1, finished: true, undone: false };
    await okay(await restore.fetch(`/device/v1/restore-sessions/${sessionId}/report`, jsonBody('PUT', report)));

    assert.deepEqual(await toldBy(begin('setup')), refused('setupOver'));
    assert.deepEqual(await toldBy(begin(undefined)), refused('restoreNotSwitchedOn'));
    assert.deepEqual(await toldBy(profiles()), refused('restoreNotSwitchedOn'));
    assert.deepEqual(await toldBy(snapshots()), refused('restoreNotSwitchedOn'));
  },
);

withDevice(
  'setup is over a week after the enrollment; what was chosen in it still comes over',
  { pageAtEnrollment: true },
  async ({ begin, snapshots, switchRestoreOff, device }, database) => {
    await switchRestoreOff();
    const back = SETUP_DAYS * 24 * 60 * 60 * 1000 + 1000;
    const { deviceId } = device.enrollment;
    const older = (table: 'devices' | 'restore_sessions') =>
      tamper(database, async (db) => {
        if (table === 'devices')
          await db
            .updateTable('devices')
            .set((eb) => ({ enrolled_at: eb('enrolled_at', '-', back) }))
            .where('device_id', '=', deviceId)
            .execute();
        else
          await db
            .updateTable('restore_sessions')
            .set((eb) => ({ started_at: eb('started_at', '-', back - 1) }))
            .where('device_id', '=', deviceId)
            .execute();
      });
    await okay(await begin('setup'));
    await older('devices');
    assert.deepEqual(await toldBy(snapshots()), refused('restoreNotSwitchedOn'), 'begun after the week');
    await older('restore_sessions');

    assert.deepEqual(await toldBy(snapshots()), SHOWN);
  },
);

withDevice('an occasion that does not exist is refused', { pageAtEnrollment: true }, async ({ begin }) => {
  for (const occasion of ['', 'Setup', 'always']) assert.equal((await begin(occasion)).status, 400);
  for (const occasion of RESTORE_OCCASIONS) assert.equal((await begin(occasion)).status, 201);
});

withDevice(
  'an organization of another region neither enrolls nor checks in, backs up or restores, and is told where it belongs',
  { pageAtEnrollment: true },
  async ({ service, organization, device, profiles }, database) => {
    await tamper(database, async (db) => {
      await db.updateTable('tenants').set({ region: 'eu-north' }).execute();
    });

    const { deviceId } = device.enrollment;
    const elsewhere = { status: 403, inner: 'wrongRegion', reasons: ['wrongRegion'] };
    const checkIn = device.backup.fetch(
      `/device/v1/devices/${deviceId}/check-ins`,
      jsonBody('POST', { device: SAMPLE_DEVICE, manifestFormat: 1 }),
    );
    assert.deepEqual(await toldBy(checkIn), elsewhere);
    assert.deepEqual(await toldBy(profiles()), elsewhere);
    await assert.rejects(
      service.enroll(organization.bob, { machineHash: '7'.repeat(64) }),
      /This service keeps data in local; your organization belongs to eu-north\. Ask your IT for the right address\./,
    );
    const rows = await service.store.read.selectFrom('devices').select('device_id').execute();
    assert.deepEqual(
      rows.map(({ device_id }) => device_id),
      [deviceId],
    );
  },
);

withDevice(
  'how a PC was set up and its edition decide what it may, whatever its agent asks for',
  { pageAtEnrollment: true },
  async ({ begin, device }, database) => {
    const { deviceId } = device.enrollment;
    const checkIn = await device.backup.fetch(
      `/device/v1/devices/${deviceId}/check-ins`,
      jsonBody('POST', {
        device: {
          ...SAMPLE_DEVICE,
          platform: 'windows',
          build: '26200.7922',
          osName: 'Windows',
          edition: 'CloudEdition',
        },
        manifestFormat: 1,
      }),
    );
    assert.equal(checkIn.status, 200);
    assert.deepEqual(await toldBy(begin('setup')), refused('editionAtSetup'));
    assert.deepEqual(await toldBy(begin('firstSignIn')), BEGUN);

    const setUpBy = (provisioning: string) =>
      tamper(database, async (db) => {
        await db.updateTable('devices').set({ provisioning, edition: '' }).where('device_id', '=', deviceId).execute();
      });
    await setUpBy('preProvisioned');
    assert.deepEqual(await toldBy(begin('setup')), refused('notUserDriven'));
    assert.deepEqual(await toldBy(begin('demand')), BEGUN);
    await setUpBy('selfDeploying');
    assert.deepEqual(await toldBy(begin('demand')), refused('selfDeploying'));
  },
);
