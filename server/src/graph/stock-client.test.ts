/** Microsoft's own client for JavaScript, over https with a throw-away authority, reads what we serve. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { CLIENTS } from '@carryover/model/wire';
import { Client, type PageCollection, PageIterator } from '@microsoft/microsoft-graph-client';
import { throwAwayAuthority } from '../../../agent/testing/certificates.ts';
import { backUp, switchOn } from '../../testing/backups.ts';
import { aService } from '../../testing/service.ts';

test("Microsoft's client reads who I am, pages through my settings and is told why not", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-https-'));
  const trusted = getCACertificates('default');
  const authority = throwAwayAuthority();
  const { key, cert } = authority.issue();
  const [TLS_KEY_FILE, TLS_CERT_FILE] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  await Promise.all([writeFile(TLS_KEY_FILE, key), writeFile(TLS_CERT_FILE, cert)]);
  setDefaultCACertificates([...trusted, authority.pem]);
  const service = await aService({ env: { TLS_KEY_FILE, TLS_CERT_FILE } });
  try {
    assert.match(service.url, /^https:/);
    const organization = await service.setUp();
    await switchOn(service, organization);
    const { alice } = organization;
    const device = await service.enroll(alice);
    const payloadTypes = ['carryover.a', 'carryover.b', 'carryover.c'];
    await backUp(
      service,
      device,
      payloadTypes.map((payloadType) => ({ payloadType })),
    );
    const { accessToken } = await service.signIn(alice, { client: CLIENTS.graphCommandLine, resource: 'graph' });
    // Without customHosts the client sends no token, and says nothing of it.
    const client = Client.init({
      baseUrl: `${service.url}/`,
      defaultVersion: 'v1.0',
      customHosts: new Set([new URL(service.url).hostname]),
      authProvider: (done) => done(null, accessToken),
    });

    const me = (await client.api('/me').select('id,userPrincipalName').get()) as Record<string, string>;
    const firstPage = (await client
      .api('/me/settings/windows')
      .header('Prefer', 'odata.maxpagesize=2')
      .filter("settingType eq 'backup'")
      .get()) as PageCollection;
    const seen: { id: string; payloadType: string }[] = [];
    const pages = new PageIterator(
      client,
      firstPage,
      (setting) => {
        seen.push(setting);
        return true;
      },
      { headers: { Prefer: 'odata.maxpagesize=2' } },
    );
    await pages.iterate();
    const item = (await client.api(`/me/settings/windows/${seen[0]?.id}`).get()) as { payloadType: string };

    assert.deepEqual([me['id'], me['userPrincipalName']], [alice.userId, alice.userPrincipalName]);
    assert.equal(firstPage.value.length, 2);
    assert.deepEqual(
      seen.map(({ payloadType }) => payloadType),
      [...payloadTypes, 'windows.data.platform.backuprestore.deviceprofile'],
    );
    assert.equal(item.payloadType, seen[0]?.payloadType);
    await assert.rejects(client.api('/users').get(), { statusCode: 403, code: 'accessDenied' });
    await assert.rejects(client.api('/me/settings/windows/nothing').get(), { statusCode: 404, code: 'itemNotFound' });
  } finally {
    await service.stop();
    setDefaultCACertificates(trusted);
    await rm(folder, { recursive: true });
  }
});
