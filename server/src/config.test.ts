import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configFrom } from './config.ts';

const KEY_ELSEWHERE = { DATA_FOLDER: '/srv/carryover', DEPLOYMENT_KEY_FILE: '/etc/carryover/deployment.key' };

test('every variable at fault is named at once', () => {
  assert.throws(
    () =>
      configFrom({ ...KEY_ELSEWHERE, PORT: 'http', LOG_LEVEL: 'loud', DATABASE_URL: 'mysql://x', TLS_KEY_FILE: 'k' }),
    (error: Error) =>
      ['PORT', 'LOG_LEVEL', 'DATABASE_URL', 'TLS_CERT_FILE'].every((name) => error.message.includes(name)),
  );
});

test('plain HTTP on an address that others reach is refused', () => {
  assert.throws(() => configFrom({ ...KEY_ELSEWHERE, HOST: '192.0.2.7' }), /HOST 192\.0\.2\.7 is not loopback/);
  assert.throws(
    () => configFrom({ ...KEY_ELSEWHERE, HOST: '0.0.0.0', PUBLIC_URL: 'https://backup.example.org' }),
    /Plain HTTP is refused/,
  );
});

test('a trusted proxy or certificate files open other addresses', () => {
  const proxied = configFrom({
    ...KEY_ELSEWHERE,
    HOST: '192.0.2.7',
    TRUSTED_PROXY: '192.0.2.1, 198.51.100.0/24',
    PUBLIC_URL: 'https://backup.example.org',
  });
  const certified = configFrom({
    ...KEY_ELSEWHERE,
    HOST: '192.0.2.7',
    TLS_CERT_FILE: '/c.pem',
    TLS_KEY_FILE: '/k.pem',
  });

  assert.deepEqual(proxied.trustedProxies, ['192.0.2.1', '198.51.100.0/24']);
  assert.deepEqual(certified.tls, { certFile: '/c.pem', keyFile: '/k.pem' });
});

test('a public address in clear text is refused even behind a proxy', () => {
  assert.throws(
    () => configFrom({ ...KEY_ELSEWHERE, TRUSTED_PROXY: '127.0.0.1', PUBLIC_URL: 'http://backup.example.org' }),
    /must start with https/,
  );
});

test('a public address with a path is refused', () => {
  assert.throws(() => configFrom({ ...KEY_ELSEWHERE, PUBLIC_URL: 'https://example.org/backup' }), /must be an origin/);
});

test('the deployment key beside the data is refused', () => {
  assert.throws(
    () => configFrom({ DATA_FOLDER: '/srv/carryover', DEPLOYMENT_KEY_FILE: '/srv/carryover/keys/deployment.key' }),
    /outside DATA_FOLDER/,
  );
});

test('keys and data in one database are refused', () => {
  assert.throws(
    () => configFrom({ ...KEY_ELSEWHERE, DATABASE_URL: 'sqlite:/a.db', KEYS_DATABASE_URL: 'sqlite:/a.db' }),
    /must name another database/,
  );
});

test('nothing set means loopback, SQLite and a key in the home of the one who starts it', () => {
  const config = configFrom({ XDG_CONFIG_HOME: '/home/op/.config', DATA_FOLDER: '/srv/carryover' });

  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.databaseUrl, 'sqlite:/srv/carryover/carryover.db');
  assert.equal(config.deploymentKeyFile, '/home/op/.config/carryover/deployment.key');
});

test('a deployment serves the regions it names, and needs one', () => {
  assert.deepEqual(configFrom(KEY_ELSEWHERE).regions, ['local']);
  assert.deepEqual(configFrom({ ...KEY_ELSEWHERE, REGION: 'eu-north, eu-south' }).regions, ['eu-north', 'eu-south']);
  assert.throws(() => configFrom({ ...KEY_ELSEWHERE, REGION: ' , ' }), /REGION must name at least one region/);
});
