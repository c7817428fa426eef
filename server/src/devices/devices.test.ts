import assert from 'node:assert/strict';
import type { DeviceFacts } from '@carryover/model/device';
import { type CheckIn, CLIENTS, type Enrollment } from '@carryover/model/wire';
import { anUploadRequest, backUp, switchOn } from '../../testing/backups.ts';
import {
  type EnrolledDevice,
  jsonBody,
  type Person,
  SAMPLE_DEVICE,
  type TestService,
  testOnEveryService,
  testOnService,
} from '../../testing/service.ts';
import { listAudit, verifyChain } from '../audit/audit.ts';
import { deleteProfile, listProfiles } from '../profiles/profiles.ts';

const AGENT = { client: CLIENTS.agent, resource: 'enrollment' } as const;
const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;

const [MACHINE, OTHER_MACHINE] = ['1'.repeat(64), '2'.repeat(64)];

async function innerOf(response: Response): Promise<string | undefined> {
  return ((await response.json()) as { error: { innerError: { code?: string } } }).error.innerError.code;
}

function checkIn({ backup, enrollment }: EnrolledDevice, facts: Partial<DeviceFacts>): Promise<Response> {
  const body = { device: { ...SAMPLE_DEVICE, ...facts }, manifestFormat: 1 };
  return backup.fetch(`/device/v1/devices/${enrollment.deviceId}/check-ins`, jsonBody('POST', body));
}

function devicesOf(service: TestService, tenantId: string) {
  return service.store.read
    .selectFrom('devices')
    .selectAll()
    .where('tenant_id', '=', tenantId)
    .orderBy('enrolled_at')
    .orderBy('name')
    .execute();
}

testOnEveryService('enrolling says who and what, and what is allowed, which is nothing at first', async (service) => {
  const { alice, tenantId } = await service.setUp();

  const { enrollment } = await service.enroll(alice);

  assert.equal(enrollment.joinType, 'joined');
  assert.equal(enrollment.organization, 'Contoso');
  assert.equal(enrollment.tenantId, tenantId);
  assert.equal(enrollment.person.userPrincipalName, alice.userPrincipalName);
  const { checkIn: first } = enrollment;
  assert.deepEqual([first.policy.backupEnabled, first.policy.restoreEnabled, first.head], [false, false, null]);
  assert.deepEqual(
    first.eligibility.backup.map(({ code }) => code),
    ['notSwitchedOn'],
  );
  assert.match(first.digestKey, /^[0-9a-f]{64}$/);
});

testOnEveryService('the same key on the same PC is the same device', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const { enrollment, key } = await service.enroll(alice, { machineHash: MACHINE });

  const again = await service.signIn(alice, { ...AGENT, key });
  const device = { ...SAMPLE_DEVICE, machineHash: MACHINE, name: 'renamed' };
  const answer = await again.fetch('/device/v1/enrollments', jsonBody('POST', { device }));

  assert.equal(answer.status, 201);
  assert.equal(((await answer.json()) as Enrollment).deviceId, enrollment.deviceId);
  assert.deepEqual(
    (await devicesOf(service, tenantId)).map(({ name }) => name),
    ['renamed'],
  );
});

testOnEveryService('a PC that was reset is a new device that knows its former one', async (service) => {
  const { alice, bob, tenantId } = await service.setUp();
  const before = await service.enroll(alice, { machineHash: MACHINE });
  const bobs = await service.enroll(bob, { machineHash: MACHINE });

  const after = await service.enroll(alice, { machineHash: MACHINE });

  assert.notEqual(after.enrollment.deviceId, before.enrollment.deviceId);
  assert.notEqual(after.enrollment.profileId, before.enrollment.profileId);
  const former = new Map((await devicesOf(service, tenantId)).map((row) => [row.device_id, row.former_device_id]));
  assert.equal(former.get(after.enrollment.deviceId), before.enrollment.deviceId);
  assert.equal(former.get(bobs.enrollment.deviceId), null, 'another person’s PC is not told');
});

testOnEveryService('one key on two PCs is set aside, and both are shown', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const device = await service.enroll(alice, { machineHash: MACHINE, name: 'original' });

  const clone = await checkIn(device, { machineHash: OTHER_MACHINE, name: 'clone' });
  const original = await checkIn(device, { machineHash: MACHINE, name: 'original' });

  assert.deepEqual([clone.status, await innerOf(clone)], [403, 'deviceQuarantined']);
  assert.deepEqual([original.status, await innerOf(original)], [403, 'deviceQuarantined']);
  assert.deepEqual((await devicesOf(service, tenantId)).map(({ name, state }) => [name, state]).toSorted(), [
    ['clone', 'quarantined'],
    ['original', 'quarantined'],
  ]);
});

async function enrollWith(service: TestService, person: Person, enrollmentToken: string): Promise<Response> {
  const signedIn = await service.signIn(person, AGENT);
  const device = { ...SAMPLE_DEVICE, machineHash: MACHINE };
  return signedIn.fetch('/device/v1/enrollments', jsonBody('POST', { device, enrollmentToken }));
}

testOnEveryService('an enrollment token works as often as IT said', async (service) => {
  const { alice, bob, administrator } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  const made = await admin.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { uses: 2, expiresInHours: 1 }));
  const { token, id } = (await made.json()) as { token: string; id: string };

  const [first, second] = [await enrollWith(service, alice, token), await enrollWith(service, bob, token)];
  const third = await enrollWith(service, alice, token);
  const guessed = await enrollWith(service, alice, 'guessed');
  const byId = await enrollWith(service, alice, id);

  assert.deepEqual([first.status, second.status], [201, 201]);
  for (const refused of [third, guessed, byId])
    assert.deepEqual([refused.status, await innerOf(refused)], [403, 'enrollmentToken']);
});

let offset = Temporal.Duration.from({ seconds: 0 });

testOnService(
  'an enrollment token is refused when it has expired, and everywhere else',
  async (service) => {
    const { alice, administrator } = await service.setUp();
    const other = await service.setUp('Fabrikam');
    const admin = await service.signIn(administrator, GRAPH);
    const made = await admin.fetch(
      '/beta/carryover/enrollmentTokens',
      jsonBody('POST', { uses: 5, expiresInHours: 1 }),
    );
    const { token } = (await made.json()) as { token: string };
    const signedIn = await service.signIn(alice, AGENT);
    const device = { ...SAMPLE_DEVICE, machineHash: MACHINE };

    const elsewhere = await enrollWith(service, other.alice, token);
    offset = Temporal.Duration.from({ minutes: 62 });
    const late = await signedIn.fetch('/device/v1/enrollments', jsonBody('POST', { device, enrollmentToken: token }));

    assert.equal(await innerOf(elsewhere), 'enrollmentToken');
    // The access token is an hour old as well by then: what was to be shown is that nothing was enrolled.
    assert.equal(late.status, 401);
    const rows = await service.store.read.selectFrom('enrollment_tokens').select('uses_left').execute();
    assert.deepEqual(
      rows.map(({ uses_left }) => Number(uses_left)),
      [5],
    );
  },
  { now: () => Temporal.Now.instant().add(offset) },
);

testOnEveryService('a device that leaves is refused from then on, its refresh token too', async (service) => {
  const { alice, tenantId } = await service.setUp();
  const device = await service.enroll(alice, { machineHash: MACHINE });
  const path = `/device/v1/devices/${device.enrollment.deviceId}`;

  const left = await device.backup.fetch(path, { method: 'DELETE' });

  assert.equal(left.status, 204);
  const refused = await device.backup.fetch(`${path}/preferences`);
  assert.deepEqual([refused.status, await innerOf(refused)], [403, 'deviceUnknown']);
  await assert.rejects(
    service.refresh(device.backup, tenantId, { client: CLIENTS.agent, resource: 'backup' }),
    /invalid_grant/,
  );
  assert.deepEqual(
    (await devicesOf(service, tenantId)).map(({ state }) => state),
    ['unenrolled'],
  );
});

testOnEveryService('what a person switches on a device stays, and touches no other device', async (service) => {
  const { alice } = await service.setUp();
  const [desk, laptop] = [await service.enroll(alice), await service.enroll(alice)];
  const pathOf = ({ enrollment }: EnrolledDevice) => `/device/v1/devices/${enrollment.deviceId}/preferences`;
  const preferences = { personalization: 'off', accessibility: 'on' };

  const put = await desk.backup.fetch(pathOf(desk), jsonBody('PUT', { preferences }));
  await desk.backup.fetch(pathOf(desk), jsonBody('PUT', { preferences }));

  assert.deepEqual(await put.json(), { preferences });
  assert.deepEqual(await (await desk.backup.fetch(pathOf(desk))).json(), { preferences });
  assert.deepEqual(await (await laptop.backup.fetch(pathOf(laptop))).json(), { preferences: {} });
});

testOnService('a switch that does not exist is refused by name', async (service) => {
  const { alice } = await service.setUp();
  const device = await service.enroll(alice);
  const path = `/device/v1/devices/${device.enrollment.deviceId}/preferences`;

  const unknown = await device.backup.fetch(path, jsonBody('PUT', { preferences: { colours: 'on' } }));
  const wrong = await device.backup.fetch(path, jsonBody('PUT', { preferences: { personalization: 'maybe' } }));

  assert.match(await unknown.text(), /body\.preferences\.colours/);
  assert.match(await wrong.text(), /body\.preferences\.personalization[^.]*must be one of: on, off/);
});

testOnEveryService(
  'a device whose profile was deleted is given one new profile at check-in, and one only',
  async (service) => {
    const organization = await service.setUp();
    const { alice, tenantId } = organization;
    await switchOn(service, organization);
    const device = await service.enroll(alice, { machineHash: MACHINE });
    const { profileId: deleted } = device.enrollment;
    const owner = { tenantId, userId: alice.userId };
    await backUp(service, device, [{}]);
    await deleteProfile(service.store, owner, deleted, Temporal.Now.instant());

    const upload = await device.backup.fetch(
      `/device/v1/devices/${device.enrollment.deviceId}/snapshots`,
      anUploadRequest(device, [{}]),
    );
    const answers = await Promise.all([1, 2, 3].map(() => checkIn(device, { machineHash: MACHINE })));

    assert.deepEqual([upload.status, await innerOf(upload)], [409, 'profileDeleted']);
    const told = await Promise.all(answers.map(async (answer) => (await answer.json()) as CheckIn));
    const [fresh, ...others] = new Set(told.map(({ profileId }) => profileId));
    assert.notEqual(fresh, deleted);
    assert.deepEqual([others, told[0]?.head], [[], null]);
    assert.deepEqual(
      (await listProfiles(service.store, owner)).map(({ profileId }) => profileId),
      [fresh],
    );
  },
);

testOnEveryService('a refused enrollment token leaves nothing behind, and a spent one everything', async (service) => {
  const { alice, administrator, tenantId } = await service.setUp();
  const counts = async () => {
    const rows = await Promise.all(
      (['devices', 'device_keys', 'profiles'] as const).map((table) =>
        service.store.read.selectFrom(table).select('tenant_id').where('tenant_id', '=', tenantId).execute(),
      ),
    );
    return rows.map(({ length }) => length);
  };
  const admin = await service.signIn(administrator, GRAPH);
  const made = await admin.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', {}));
  const { token } = (await made.json()) as { token: string };

  assert.equal((await enrollWith(service, alice, 'guessed')).status, 403);
  assert.deepEqual(await counts(), [0, 0, 0]);

  assert.equal((await enrollWith(service, alice, token)).status, 201);
  assert.deepEqual(await counts(), [1, 1, 1]);
});

testOnEveryService('what happens to devices and tokens is in the audit log, with who did it', async (service) => {
  const { alice, administrator, tenantId } = await service.setUp();
  const admin = await service.signIn(administrator, GRAPH);
  await admin.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', {}));
  const leaving = await service.enroll(alice, { machineHash: MACHINE });
  const path = `/device/v1/devices/${leaving.enrollment.deviceId}`;
  assert.equal((await leaving.backup.fetch(path, { method: 'DELETE' })).status, 204);
  const cloned = await service.enroll(alice, { machineHash: MACHINE });
  await checkIn(cloned, { machineHash: OTHER_MACHINE });

  const events = await listAudit(service.store, tenantId, { top: 5 });

  const [by, admins] = [alice.userId, administrator.userId];
  assert.deepEqual(
    events.map(({ action, actor, target }) => [action, JSON.parse(actor).userId, JSON.parse(target).id]).reverse(),
    [
      ['create enrollmentToken', admins, JSON.parse(events.at(-1)?.target ?? '{}').id],
      ['enroll device', by, leaving.enrollment.deviceId],
      ['unenroll device', by, leaving.enrollment.deviceId],
      ['enroll device', by, cloned.enrollment.deviceId],
      ['quarantine device', by, cloned.enrollment.deviceId],
    ],
  );
  assert.equal((await verifyChain(service.store, tenantId)).brokenAt, undefined);
});

testOnEveryService(
  'a new device is told of an open offer until the person chooses, or it has backed up',
  async (service) => {
    const organization = await service.setUp();
    await switchOn(service, organization);
    const old = await service.enroll(organization.alice, { machineHash: MACHINE });
    const said = async (device: EnrolledDevice) =>
      ((await (await checkIn(device, { machineHash: OTHER_MACHINE })).json()) as CheckIn).offerOpen;
    assert.equal(old.enrollment.checkIn.offerOpen, undefined);
    await backUp(service, old, [{ payloadType: 'carryover.personalization.colors', values: { dark: true } }]);

    const fresh = await service.enroll(organization.alice, { machineHash: OTHER_MACHINE });
    const open = await said(fresh);
    const path = `/device/v1/devices/${fresh.enrollment.deviceId}/setup-choice`;
    assert.equal((await fresh.backup.fetch(path, jsonBody('PUT', { kind: 'new' }))).status, 204);
    const other = await service.enroll(organization.bob, { machineHash: OTHER_MACHINE });

    assert.deepEqual([fresh.enrollment.checkIn.offerOpen, open], [true, true]);
    assert.deepEqual([await said(fresh), await said(other)], [undefined, undefined]);
  },
);

testOnService('a busy service asks devices to slow down, and takes them in', async (service, { mock }) => {
  const { alice } = await service.setUp();
  const device = await service.enroll(alice, { machineHash: MACHINE });
  const { app } = service.service;
  const lagging = { ...app.memoryUsage(), eventLoopDelay: 2000 };
  assert.equal(device.enrollment.checkIn.slowDownSeconds, undefined);

  app.memoryUsage = () => lagging;
  // What starting took does not count; by then it is long over.
  const later = performance.now() + 60_000;
  mock.method(performance, 'now', () => later);
  const answer = await checkIn(device, { machineHash: MACHINE });

  assert.equal(answer.status, 200);
  assert.equal(((await answer.json()) as CheckIn).slowDownSeconds, 900);
});
