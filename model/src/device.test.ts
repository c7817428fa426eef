import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JoinType, joinTypeOf, mayRestoreAtSetup, normalDomain, PROVISIONING_MODES } from './device.ts';

const OWN = ['corp.contoso.example', 'eu.contoso.example'];

const JOINS: readonly [what: string, facts: Partial<Parameters<typeof joinTypeOf>[0]>, type: JoinType][] = [
  ['in no domain', { domain: undefined }, 'joined'],
  ['in one of the organization’s domains', { domain: 'eu.contoso.example' }, 'hybrid'],
  ['in it, written otherwise', { domain: ' EU.Contoso.Example. ' }, 'hybrid'],
  ['in a domain of somebody else', { domain: 'corp.fabrikam.example' }, 'joined'],
  ['in a domain below one of the organization’s', { domain: 'a.eu.contoso.example' }, 'joined'],
  ['in a domain when the organization named none', { domain: 'eu.contoso.example', organizationDomains: [] }, 'joined'],
  ['in no domain, with an empty name among the organization’s', { domain: '', organizationDomains: [] }, 'joined'],
  ['whom nobody let join', { allowed: false }, 'registered'],
  ['whom nobody let join, in the organization’s domain', { allowed: false, domain: OWN[0] }, 'registered'],
];

for (const [what, facts, type] of JOINS)
  test(`a PC ${what} is ${type}`, () => {
    assert.equal(joinTypeOf({ allowed: true, domain: undefined, organizationDomains: OWN, ...facts }), type);
  });

test('a domain is the same in any case and with or without the last dot', () => {
  assert.equal(normalDomain('Corp.Contoso.EXAMPLE.'), normalDomain(' corp.contoso.example'));
});

test('only a PC that a person sat at may restore while it is set up', () => {
  assert.deepEqual(
    PROVISIONING_MODES.filter((mode) => mayRestoreAtSetup(mode)),
    ['manual', 'userDriven'],
  );
});
