import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { SignInPlace } from '@carryover/model/admin';
import { domainOf, openSession } from './opening.ts';

const ISSUER = 'http://localhost/t1/v2.0';
const PLACE: SignInPlace = {
  tenantId: 't1',
  displayName: 'Auental County',
  issuer: ISSUER,
  clientId: 'admin-center',
  redirectUri: 'http://localhost/admin',
  enrollmentLink: 'http://localhost/enroll/t1',
};

/** A service that answers by path; anything else is not there. */
function answering(context: TestContext, answers: Readonly<Record<string, () => Response>>) {
  context.mock.method(globalThis, 'fetch', async (input: string | URL | Request) => {
    const { pathname } = new URL(input instanceof Request ? input.url : input);
    return answers[pathname]?.() ?? Response.json({ error: { code: 'itemNotFound' } }, { status: 404 });
  });
}

const theOnlyOrganization = { '/admin/organization': () => Response.json(PLACE) };
const unheard = () => assert.fail('the sign-in was said to be over');

test('an empty service is told from an organization that is not known', async (context) => {
  let inner = 'noOrganization';
  answering(context, {
    '/admin/organization': () =>
      Response.json({ error: { code: 'itemNotFound', innerError: { code: inner } } }, { status: 404 }),
  });
  const url = new URL('http://localhost/admin/guide');

  assert.deepEqual(await openSession(url, unheard), { kind: 'noOrganization' });
  inner = 'organizationUnknown';
  assert.deepEqual(await openSession(url, unheard), { kind: 'whichOrganization', returnTo: '/admin/guide' });
});

test('an answer that this tab did not ask for signs nobody in, and its code leaves the address', async (context) => {
  answering(context, theOnlyOrganization);
  window.sessionStorage.clear();
  window.history.replaceState(null, '', '/admin?code=stolen&state=other');

  const opening = await openSession(new URL(window.location.href), unheard);

  assert.deepEqual(opening, { kind: 'signIn', place: PLACE, returnTo: '/admin' });
  assert.equal(window.location.search, '');
});

test('an answer with the state of another sign-in is refused, and what was kept is gone', async (context) => {
  answering(context, {
    ...theOnlyOrganization,
    '/t1/v2.0/.well-known/openid-configuration': () => Response.json({ issuer: ISSUER }),
  });
  window.sessionStorage.setItem(
    'carryover.signIn',
    JSON.stringify({ place: PLACE, state: 'mine', nonce: 'n', verifier: 'v', returnTo: '/admin/devices' }),
  );

  await assert.rejects(openSession(new URL('http://localhost/admin?code=c&state=other'), unheard), {
    code: 'unauthenticated',
  });
  assert.equal(window.sessionStorage.length, 0);
});

test('who is not signed in yet is asked, and goes on where they wanted to', async (context) => {
  answering(context, {
    ...theOnlyOrganization,
    '/t1/v2.0/.well-known/openid-configuration': () => Response.json({ issuer: ISSUER }),
  });
  window.sessionStorage.setItem(
    'carryover.signIn',
    JSON.stringify({
      place: PLACE,
      state: 'mine',
      nonce: 'n',
      verifier: 'v',
      returnTo: '/admin/devices?state=overdue',
    }),
  );

  const opening = await openSession(new URL('http://localhost/admin?error=login_required&state=mine'), unheard);

  assert.deepEqual(opening, { kind: 'signIn', place: PLACE, returnTo: '/admin/devices?state=overdue' });
  assert.equal(window.location.pathname, '/admin/devices');
});

test('the domain is what stands behind the @ of a whole user name', () => {
  assert.equal(domainOf(' Ada@Contoso.Example '), 'contoso.example');
  assert.equal(domainOf('ada'), undefined);
  assert.equal(domainOf('ada@'), undefined);
});
