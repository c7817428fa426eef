import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MemorySystemOptions, memorySystem } from '../../testing/memory-system.ts';
import { osJoin, serialNumber } from './os-join.ts';

const KERBEROS = `[logging]
 default_realm = NOT.THIS.ONE
[libdefaults]
 # default_realm = NOR.THIS
 default_realm = CORP.CONTOSO.EXAMPLE
[realms]
`;

function aSystem(options: MemorySystemOptions & { readonly key?: boolean; readonly kerberos?: string } = {}) {
  const system = memorySystem(options);
  if (options.key ?? true) system.put('/etc/krb5.keytab', 'a key', 0o600);
  if (options.kerberos !== undefined) system.put('/etc/krb5.conf', options.kerberos);
  return system;
}

type Run = NonNullable<MemorySystemOptions['run']>;

const realmd =
  (exit: number, stdout: string): Run =>
  ({ program }) =>
    program === 'realm' ? { exit, stdout, stderr: '' } : undefined;

test('a system in a domain names the one that realmd joined', async () => {
  const system = aSystem({ run: realmd(0, 'Corp.Contoso.Example\nother.example\n'), kerberos: KERBEROS });

  assert.deepEqual(await osJoin(system), { domain: 'corp.contoso.example' });
});

test('without realmd, or where it knows of none, the default realm of Kerberos is it', async () => {
  for (const run of [undefined, realmd(0, '\n'), realmd(1, 'corp.fabrikam.example')]) {
    const system = aSystem({ kerberos: KERBEROS, ...(run === undefined ? {} : { run }) });

    assert.deepEqual(await osJoin(system), { domain: 'corp.contoso.example' });
  }
});

test('a system without a machine key is in no domain, and nothing is started to ask', async () => {
  const system = aSystem({ key: false, kerberos: KERBEROS, run: realmd(0, 'corp.contoso.example') });

  assert.equal(await osJoin(system), undefined);
  assert.deepEqual(system.runs, []);
});

test('what is no domain is not one', async () => {
  for (const name of ['LOCAL', '', '"corp"', 'a b.example'])
    assert.equal(await osJoin(aSystem({ kerberos: `[libdefaults]\ndefault_realm = ${name}\n` })), undefined);
  assert.equal(await osJoin(aSystem()), undefined);
});

test('a serial number is told where the system tells it, and no placeholder of a maker', async () => {
  const system = memorySystem();
  assert.equal(await serialNumber(system), undefined);
  for (const told of ['', 'None', 'Default string', 'To be filled by O.E.M.', '00000000', 'System Serial Number']) {
    system.put('/sys/class/dmi/id/product_serial', `${told}\n`);
    assert.equal(await serialNumber(system), undefined, told);
  }

  system.put('/sys/class/dmi/id/product_serial', ' PF-3X0917\n');

  assert.equal(await serialNumber(system), 'PF-3X0917');
});
