import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Builds, type Candidate, compareVersions, eligibility } from './eligibility.ts';
import { effectivePolicy } from './policy.ts';

const BUILDS: Builds = {
  linux: {
    distributions: [
      { id: 'debian', name: 'Debian', version: '12' },
      { id: 'ubuntu', name: 'Ubuntu', version: '24.04' },
    ],
    gnome: 43,
  },
};

function candidate(build: string, over: Partial<Candidate> = {}): Candidate {
  const facts = { version: 1, organization: 'Auental County', restorePageAtEnrollment: true };
  return {
    device: { platform: 'linux', build, osName: build },
    joinType: 'joined',
    policy: effectivePolicy({ backupEnabled: true, restoreEnabled: true }, facts),
    ...over,
  };
}

const codes = (build: string, over: Partial<Candidate> = {}) =>
  eligibility(candidate(build, over), BUILDS).backup.map(({ code }) => code);

test('the lowest version and everything after it may', () => {
  for (const build of ['debian 12 gnome 43', 'debian 12.9 gnome 43.9', 'debian 14 gnome 51', 'ubuntu 24.10 gnome 47'])
    assert.deepEqual(codes(build), [], build);
});

test('each part that is too old is a reason of its own, with what is needed', () => {
  const { backup } = eligibility(candidate('debian 11 gnome 38.2'), BUILDS);

  assert.deepEqual(
    backup.map(({ code, facts }) => [code, facts?.['family'], facts?.['needed']]),
    [
      ['buildTooOld', 'Debian', '12'],
      ['buildTooOld', 'GNOME', '43'],
    ],
  );
});

test('an unknown distribution, another desktop or nonsense is not supported', () => {
  for (const build of ['arch rolling gnome 47', 'debian 12 kde 6', 'debian 12', '', '   '])
    assert.deepEqual(codes(build), ['notSupported'], build);
});

test('a GNOME of unknown version is too old, not fine', () => {
  assert.deepEqual(codes('debian 12 gnome'), ['buildTooOld']);
});

test('a personal PC is told to join, and every reason is named at once', () => {
  const off = effectivePolicy({}, { version: 1, organization: 'Auental County', restorePageAtEnrollment: false });

  assert.deepEqual(codes('debian 11 gnome 43', { joinType: 'registered', policy: off }), [
    'notSwitchedOn',
    'notJoined',
    'buildTooOld',
  ]);
});

test('backup and restore are switched apart', () => {
  const facts = { version: 1, organization: 'Auental County', restorePageAtEnrollment: false };
  const { backup, restore } = eligibility(
    candidate('debian 12 gnome 43', { policy: effectivePolicy({ backupEnabled: true }, facts) }),
    BUILDS,
  );

  assert.deepEqual([backup, restore.map(({ code }) => code)], [[], ['restoreNotSwitchedOn']]);
});

test('versions are compared number by number, and the order is total', () => {
  assert.ok(compareVersions('24.04', '24.10') < 0);
  assert.ok(compareVersions('9', '43.2') < 0);
  assert.equal(compareVersions('43', '43.0'), 0);
  const version = fc.array(fc.nat(50), { minLength: 1, maxLength: 4 }).map((members) => members.join('.'));
  fc.assert(
    fc.property(version, version, version, (a, b, c) => {
      assert.equal(Math.sign(compareVersions(a, b)), -Math.sign(compareVersions(b, a)) + 0);
      if (compareVersions(a, b) <= 0 && compareVersions(b, c) <= 0) assert.ok(compareVersions(a, c) <= 0);
    }),
  );
});
