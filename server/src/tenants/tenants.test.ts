import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { Browser } from '../../testing/browser.ts';
import { jsonBody, testOnEveryService, testOnService } from '../../testing/service.ts';
import { listAudit, verifyChain } from '../audit/audit.ts';
import { createSetupCode, found, getTenant } from './tenants.ts';

const FOUNDING = {
  organization: 'Contoso',
  userPrincipalName: 'admin@contoso.example',
  displayName: 'Ada',
  password: 'a-long-password-1',
};
const MONDAY = Temporal.Instant.from('2026-11-23T08:00:00Z');
const PLACE = { served: { cloud: 'private', regions: ['local'] } };

testOnEveryService('a set-up code works once, in any case and spacing', async (service) => {
  const code = await createSetupCode(service.store, MONDAY);
  const typed = code.toLowerCase().replaceAll('-', ' ');

  const made = await found(service.store, { ...FOUNDING, code: typed }, { ...PLACE, now: MONDAY });

  assert.ok(made.tenantId);
  await assert.rejects(found(service.store, { ...FOUNDING, code }, { ...PLACE, now: MONDAY }), {
    code: 'accessDenied',
    inner: 'setupCode',
  });
});

testOnEveryService('of two who use one set-up code at the same moment one gets an organization', async (service) => {
  const code = await createSetupCode(service.store, MONDAY);

  const tries = await Promise.allSettled(
    ['a', 'b', 'c'].map((name) =>
      found(service.store, { ...FOUNDING, organization: name, code }, { ...PLACE, now: MONDAY }),
    ),
  );

  assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
  const rows = await service.store.read.selectFrom('tenants').select('tenant_id').execute();
  assert.equal(rows.length, 1);
});

testOnEveryService('a set-up code is refused after an hour, and a wrong one at all times', async (service) => {
  const code = await createSetupCode(service.store, MONDAY);
  const late = { ...PLACE, now: MONDAY.add({ hours: 1, seconds: 1 }) };

  await assert.rejects(found(service.store, { ...FOUNDING, code }, late), { inner: 'setupCode' });
  await assert.rejects(found(service.store, { ...FOUNDING, code: 'ABCDE' }, { ...PLACE, now: MONDAY }), {
    inner: 'setupCode',
  });
});

testOnService('a refused password does not spend the code', async (service) => {
  const code = await createSetupCode(service.store, MONDAY);
  const place = { ...PLACE, now: MONDAY };

  await assert.rejects(found(service.store, { ...FOUNDING, password: 'short', code }, place), {
    inner: 'passwordLength',
  });

  assert.ok((await found(service.store, { ...FOUNDING, code }, place)).tenantId);
});

testOnService('the first person sets up an organization on a page without JavaScript', async (service) => {
  const code = await createSetupCode(service.store, Temporal.Now.instant());
  const browser = new Browser();

  const page = await browser.open(`${service.url}/admin/setup`);
  const wrong = await browser.submit(page, { ...FOUNDING, code: 'WRONG' });
  const weak = await browser.submit(wrong, { ...FOUNDING, code, password: 'short' });
  const done = await browser.submit(weak, { code, password: FOUNDING.password });

  assert.deepEqual(page.html.match(/<script(?! src="\/page-files\/)/gi), null);
  assert.match(wrong.html, /id="code-error" role="alert">This code is wrong, used or expired/);
  assert.ok(!wrong.html.includes(FOUNDING.password), 'a password is never sent back');
  assert.match(weak.html, /id="password-error"/);
  assert.deepEqual([done.status, done.title], [201, 'Your organization is ready']);
  assert.match(done.html, /<a class="button primary" href="\/admin">/);
  const [, tenantId = ''] = /carryover enroll \S+\/enroll\/([0-9a-f-]{36})</.exec(done.html) ?? [];
  const administrator = {
    tenantId,
    userId: '',
    userPrincipalName: FOUNDING.userPrincipalName,
    password: FOUNDING.password,
  };
  const graph = await service.signIn(administrator, { client: CLIENTS.graphCommandLine, resource: 'graph' });
  const allowed = await graph.fetch('/beta/carryover/enrollmentTokens', jsonBody('POST', { uses: 3 }));
  assert.equal(allowed.status, 201);
});

testOnService('a form from another site does not set up anything', async (service) => {
  const code = await createSetupCode(service.store, Temporal.Now.instant());

  const answer = await fetch(`${service.url}/admin/setup`, {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ ...FOUNDING, code }),
  });

  assert.equal(answer.status, 403);
});

testOnService('an enrollment link opened in a browser says what to do with it', async (service) => {
  const { tenantId } = await service.setUp();

  const page = await new Browser().open(`${service.url}/enroll/${tenantId}`);
  const unknown = await new Browser().open(`${service.url}/enroll/${crypto.randomUUID()}`);

  assert.match(page.html, /Contoso/);
  assert.ok(page.html.includes(`carryover enroll ${service.url}/enroll/${tenantId}`));
  assert.equal(unknown.status, 404);
});

testOnEveryService('founding an organization is the first event of its audit log', async (service) => {
  const code = await createSetupCode(service.store, MONDAY);

  const { tenantId, userId } = await found(service.store, { ...FOUNDING, code }, { ...PLACE, now: MONDAY });

  const [event, ...others] = await listAudit(service.store, tenantId, { top: 10 });
  assert.deepEqual(others, []);
  const { seq, at, action, actor, target, values_json: values } = event ?? assert.fail();
  assert.deepEqual([seq, at, action], [1, MONDAY.epochMilliseconds, 'create organization']);
  assert.deepEqual(
    [JSON.parse(actor), JSON.parse(target)],
    [{ kind: 'operator' }, { type: 'organization', id: tenantId }],
  );
  assert.deepEqual(JSON.parse(values), {
    displayName: { new: 'Contoso' },
    cloud: { new: 'private' },
    region: { new: 'local' },
    firstPerson: { new: userId },
    roles: { new: ['Global Administrator'] },
  });
  assert.deepEqual(await verifyChain(service.store, tenantId), { entries: 1 });
});

testOnEveryService(
  'an organization of a region that is not served is refused, and what is served is named',
  async (service) => {
    const code = await createSetupCode(service.store, MONDAY);
    const served = { cloud: 'private', regions: ['eu-north', 'eu-south'] };
    const where = { served, now: MONDAY };

    for (const place of [{ region: 'us-east' }, { cloud: 'public' }, { cloud: 'public', region: 'eu-north' }])
      await assert.rejects(found(service.store, { ...FOUNDING, ...place, code }, where), {
        code: 'invalidRequest',
        inner: 'wrongRegion',
        details: { allowed: { cloud: ['private'], region: ['eu-north', 'eu-south'] } },
      });

    const { tenantId } = await found(service.store, { ...FOUNDING, region: 'eu-south', code }, where);
    assert.deepEqual((await getTenant(service.store, tenantId)).place, { cloud: 'private', region: 'eu-south' });
  },
);

testOnService(
  'a set-up request names its region; without one the organization belongs to the first that is served',
  async (service) => {
    const setUp = async (place: object) => {
      const code = await createSetupCode(service.store, Temporal.Now.instant());
      const request = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ ...FOUNDING, ...place, code }),
      };
      return await fetch(`${service.url}/admin/setup`, request);
    };

    const elsewhere = await setUp({ region: 'us-east' });
    const unsaid = await setUp({});

    assert.equal(elsewhere.status, 400);
    const { error } = (await elsewhere.json()) as { error: { message: string } };
    assert.match(
      error.message,
      /serves the cloud "private" and the regions eu-north, eu-south, not "private" and "us-east"/,
    );
    const { tenantId } = (await unsaid.json()) as { tenantId: string };
    assert.equal((await getTenant(service.store, tenantId)).place.region, 'eu-north');
  },
  { env: { REGION: 'eu-north, eu-south' } },
);
