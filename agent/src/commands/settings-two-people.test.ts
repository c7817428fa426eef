import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { LOCAL_REQUEST_HEADER } from '@carryover/model/local-pages';
import { builtPages } from '../../testing/local-page.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

/** Two accounts of this device where root runs the tests; else two homes of one account, which share nothing either. */
const ACCOUNTS =
  process.getuid?.() === 0
    ? [
        { uid: 61_001, gid: 61_001 },
        { uid: 61_002, gid: 61_002 },
      ]
    : [{}, {}];

interface Person {
  readonly account: { readonly uid?: number; readonly gid?: number };
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
}

async function aPerson(root: string, name: string, account: Person['account']): Promise<Person> {
  const home = join(root, name);
  await mkdir(home, { mode: 0o700 });
  if (account.uid !== undefined && account.gid !== undefined) await chown(home, account.uid, account.gid);
  const { PATH } = process.env;
  return { account, home, env: { PATH, HOME: home, LC_ALL: 'C.UTF-8', CARRYOVER_PAGES: join(root, 'pages') } };
}

const ENROLLMENT = {
  serviceUrl: 'http://127.0.0.1:1',
  issuer: 'http://127.0.0.1:1/t/v2.0',
  tokenEndpoint: 'http://127.0.0.1:1/t/v2.0/token',
  tenantId: 'bfa8e3b5-4d0c-4c4f-9a37-3f0f4f2f5f01',
  organization: 'Auental County',
  deviceId: '11111111-1111-4111-8111-111111111111',
  profileId: '11111111-1111-4111-8111-111111111111',
  joinType: 'joined',
  userId: 'a36d1f0e-6f1b-4f7e-9b9a-93a8f1f0b2c3',
  userPrincipalName: 'lena.brandt@auental.example',
  displayName: 'Lena Brandt',
  enrolledAt: '2026-11-01T08:00:00Z',
};

/** Runs a program of a few lines as a person. */
function as({ account, env }: Person, program: string, args: readonly string[] = []): ChildProcess {
  return spawn('node', ['--input-type=module', '-e', program, ...args], { cwd: '/', env, ...account });
}

async function said(child: ChildProcess): Promise<string> {
  assert.ok(child.stdout !== null && child.stderr !== null);
  const [out, wrong] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return out + wrong;
}

const WRITE_STATE = `
  import { mkdirSync, writeFileSync } from 'node:fs';
  const folder = process.env.HOME + '/.local/state/carryover';
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, value] of Object.entries(JSON.parse(process.argv[1]))) writeFileSync(folder + '/' + name + '.json', JSON.stringify(value), { mode: 0o600 });
`;

/** What the page does: opens itself with the file and asks for the view, which is printed. */
const OPEN = `
  import { once } from 'node:events';
  import { readFileSync } from 'node:fs';
  import http from 'node:http';
  import { text } from 'node:stream/consumers';
  const [address, file] = process.argv.slice(1);
  const token = /value="([\\w-]{43})"/.exec(readFileSync(file, 'utf8'))[1];
  const asked = async (path, options, body) => {
    const request = http.request(address + path, options).end(body);
    const [response] = await once(request, 'response');
    return { status: response.statusCode, headers: response.headers, body: await text(response) };
  };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const started = await asked('/start', { method: 'POST', headers: form }, 'token=' + token);
  const cookie = (started.headers['set-cookie']?.[0] ?? '').split(';')[0];
  const answered = await asked('/api/settings', { headers: { cookie, '${LOCAL_REQUEST_HEADER}': 'settings' } });
  console.log(started.status, answered.status, answered.body);
`;

async function openPage({ account, env }: Person) {
  const child = spawn('node', [MAIN, 'settings', '--no-window', '--json'], { cwd: '/', env, ...account });
  const [line = ''] = (await once(createInterface(child.stdout), 'line')) as [string];
  return { child, ...(JSON.parse(line) as { address: string; file: string }) };
}

test('a second person on the same device sees nothing of the first', async () => {
  const root = await mkdtemp(join(tmpdir(), 'carryover-two-people-'));
  const children: ChildProcess[] = [];
  try {
    await chmod(root, 0o755);
    await builtPages(root);
    const [lena, max] = [await aPerson(root, 'lena', ACCOUNTS[0] ?? {}), await aPerson(root, 'max', ACCOUNTS[1] ?? {})];
    const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign']);
    const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey);
    const state = { enrollment: ENROLLMENT, 'device-key': { privateJwk: { kty, crv, x, y, d } } };
    assert.equal(await said(as(lena, WRITE_STATE, [JSON.stringify(state)])), '');
    const [hers, his] = [await openPage(lena), await openPage(max)];
    children.push(hers.child, his.child);

    const [sheSees, heSees] = [
      await said(as(lena, OPEN, [hers.address, hers.file])),
      await said(as(max, OPEN, [his.address, his.file])),
    ];

    assert.match(sheSees, /^303 200 .*lena\.brandt@auental\.example/);
    assert.match(heSees, /^303 400 .*"notEnrolled"/);
    if (lena.account.uid === max.account.uid) return;
    // Her file is not his to read, her server not his to ask, her home not his to take.
    assert.match(await said(as(max, OPEN, [hers.address, hers.file])), /EACCES/);
    await writeFile(join(root, 'copied.html'), `value="${'A'.repeat(43)}"`);
    assert.match(await said(as(max, OPEN, [hers.address, join(root, 'copied.html')])), /^403 403 \n/);
    const taken = spawn('node', [MAIN, 'settings', '--no-window'], { ...max.account, cwd: '/', env: lena.env });
    assert.match(await said(taken), /belongs to another user/);
  } finally {
    for (const child of children) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await rm(root, { recursive: true, force: true });
  }
});
