import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { testOnService } from '../testing/service.ts';

const MAIN = join(import.meta.dirname, 'main.ts');

const running = new Map<TestContext, (() => Promise<unknown>)[]>();

/** Gone after the test, and after what it started has ended. */
async function scratch(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-serve-'));
  context.after(async () => {
    for (const end of running.get(context) ?? []) await end();
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

function environmentIn(folder: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    PORT: '0',
    DATA_FOLDER: join(folder, 'data'),
    DEPLOYMENT_KEY_FILE: join(folder, 'key', 'deployment.key'),
    LOG_LEVEL: 'silent',
    ...more,
  };
}

/** The program as an operator runs it; it never outlives the test. */
function run(context: TestContext, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const text = { out: '', err: '' };
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    text.out += `${line}\n`;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    text.err += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => code);
  const end = async () => {
    child.kill('SIGKILL');
    await ended;
  };
  running.set(context, [...(running.get(context) ?? []), end]);
  const lineWith = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (;;) {
      const found = pattern.exec(text.out);
      if (found !== null) return found;
      const next = await Promise.race([once(lines, 'line'), ended]);
      if (!Array.isArray(next)) throw new Error(`Ended with ${next}: ${text.err}`);
    }
  };
  return { child, text, ended, lineWith };
}

test('the first start prints where it listens and a code that founds an organization, and ends with 0', async (context) => {
  const folder = await scratch(context);
  const env = environmentIn(folder);

  const service = run(context, ['serve', '--yes-i-have-a-copy'], env);
  const [, url = ''] = await service.lineWith(/listens on (\S+)\n/);
  const [, code = ''] = await service.lineWith(/enter this code: ([A-Z0-9-]+)\n/);
  const answer = await fetch(`${url}/admin/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      code,
      organization: 'Contoso',
      userPrincipalName: 'admin@contoso.example',
      displayName: 'Ada',
      password: 'a-long-password-1',
    }),
  });
  service.child.kill('SIGTERM');

  assert.equal(answer.status, 201);
  assert.equal(await service.ended, 0);
  assert.match(service.text.err, /Deployment key .*: ([0-9a-f]{4}-)+[0-9a-f]{4}/);
  const { mode } = await stat(join(folder, 'key', 'deployment.key'));
  assert.equal(mode & 0o077, 0, 'the key is for its owner alone');

  const again = run(context, ['serve'], env);
  await again.lineWith(/listens on/);
  again.child.kill('SIGINT');
  assert.equal(await again.ended, 0);
  assert.ok(!again.text.out.includes('code'), 'an organization is there: no code is printed');
});

test('an operator makes another set-up code while the service runs', async (context) => {
  const env = environmentIn(await scratch(context));
  const service = run(context, ['serve', '--yes-i-have-a-copy'], env);
  const [, url = ''] = await service.lineWith(/listens on (\S+)\n/);

  const made = run(context, ['setup-code', '--json'], env);
  assert.equal(await made.ended, 0, made.text.err);
  const { code } = JSON.parse(made.text.out) as { code: string };

  const body = new URLSearchParams({
    code,
    organization: 'Fabrikam',
    userPrincipalName: 'admin@fabrikam.example',
    displayName: 'Ada',
    password: 'a-long-password-1',
  });
  assert.equal((await fetch(`${url}/admin/setup`, { method: 'POST', body })).status, 201);
});

test('nothing is made before the operator has a copy of the deployment key', async (context) => {
  const folder = await scratch(context);

  const service = run(context, ['serve'], environmentIn(folder));

  assert.notEqual(await service.ended, 0);
  assert.match(service.text.err, /--yes-i-have-a-copy/);
  await assert.rejects(stat(join(folder, 'key', 'deployment.key')));
});

test('plain HTTP on an address that others reach is refused at start, with exit code 2', async (context) => {
  const env = environmentIn(await scratch(context), { HOST: '0.0.0.0', PUBLIC_URL: 'https://backup.example.org' });

  const service = run(context, ['serve', '--yes-i-have-a-copy'], env);

  assert.equal(await service.ended, 2);
  assert.match(service.text.err, /Plain HTTP is refused/);
});

test('an address that is taken ends the start, and nothing keeps running', async (context) => {
  const folder = await scratch(context);
  const first = run(context, ['serve', '--yes-i-have-a-copy'], environmentIn(folder));
  const [, port = ''] = await first.lineWith(/listens on \S+:(\d+)\n/);

  const second = run(context, ['serve', '--yes-i-have-a-copy'], environmentIn(await scratch(context), { PORT: port }));

  assert.equal(await second.ended, 1);
  assert.match(second.text.err, /EADDRINUSE/);
});

test('with certificate files it speaks TLS only, and links pin the authority', async (context) => {
  const folder = await scratch(context);
  const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const files = ['-keyout', keyFile, '-out', certFile];
  execFileSync('openssl', ['req', '-x509', ...curve, ...subject, ...files], { stdio: 'ignore' });
  const env = environmentIn(folder, { TLS_CERT_FILE: certFile, TLS_KEY_FILE: keyFile });

  const service = run(context, ['serve', '--yes-i-have-a-copy'], env);
  const [, url = ''] = await service.lineWith(/listens on (https:\S+)\n/);
  const [, code = ''] = await service.lineWith(/enter this code: (\S+)\n/);
  const ca = await readFile(certFile, 'utf8');
  const answer = await new Promise<{ headers: Record<string, unknown>; body: string }>((resolve, reject) => {
    const sent = request(`${url}/admin/setup`, { method: 'POST', ca, headers: { 'content-type': 'application/json' } });
    sent.on('error', reject).on('response', (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      response.on('end', () => resolve({ headers: response.headers, body }));
    });
    sent.end(
      JSON.stringify({
        code,
        organization: 'Contoso',
        userPrincipalName: 'admin@contoso.example',
        displayName: 'Ada',
        password: 'a-long-password-1',
      }),
    );
  });

  const { issuer, link } = JSON.parse(answer.body) as { issuer: string; link: string };
  assert.ok(issuer.startsWith(`${url}/`));
  assert.match(link, /#pin=[0-9a-f]{64}$/);
  assert.match(String(answer.headers['strict-transport-security']), /max-age=31536000/);
  await assert.rejects(fetch(url.replace('https:', 'http:')));
});

testOnService('a request under way is finished before the service stops', async (service) => {
  const { port } = new URL(service.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  const body = JSON.stringify({ code: 'WRONG' });
  const head = `POST /admin/setup HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
  const started = once(service.service.app.server, 'request');
  socket.write(head + body.slice(0, 5));
  await started;

  const stopping = service.service.stop();
  socket.write(body.slice(5));
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  await stopping;

  assert.match(answer, /^HTTP\/1\.1 400 /);
  assert.match(answer, /displayName|organization/);
  await assert.rejects(fetch(service.url));
});
