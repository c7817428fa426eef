import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type JoinType, mayRestoreAtSetup, PROVISIONING_MODES } from './device.ts';
import { type Candidate, compareVersions, type Eligibility, eligibility } from './eligibility.ts';
import { type Decisions, effectivePolicy } from './policy.ts';
import { WAYS_TO_ENROLL, type WayToEnroll } from './provisioning.ts';
import { REASONS } from './reasons.ts';
import type { Catalog } from './setting.ts';

const { gates: BUILDS } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../catalog/catalog.json'), 'utf8'),
) as Catalog;

const ANSWERS = ['backup', 'restoreAtSetup', 'restoreAtFirstSignIn', 'restoreOnDemand'] as const;
type Answer = (typeof ANSWERS)[number];

function policyOf(decisions: Decisions = {}, restorePageAtEnrollment = true) {
  const facts = { version: 1, organization: 'Auental County', restorePageAtEnrollment };
  return effectivePolicy({ backupEnabled: true, restoreEnabled: true, ...decisions }, facts);
}

function candidate(build: string, over: Partial<Candidate> = {}): Candidate {
  const platform = /^\d/.test(build) ? 'windows' : 'linux';
  return {
    device: { platform, build, osName: build },
    joinType: 'joined',
    policy: policyOf(),
    ...over,
  };
}

const judged = (build: string, over: Partial<Candidate> = {}): Eligibility =>
  eligibility(candidate(build, over), BUILDS);

/** The codes of each answer that is not empty. */
function refused(build: string, over: Partial<Candidate> = {}): Partial<Record<Answer, string[]>> {
  const answers = judged(build, over);
  return Object.fromEntries(
    ANSWERS.filter((answer) => answers[answer].length > 0).map((answer) => [
      answer,
      answers[answer].map(({ code }) => code),
    ]),
  );
}

const GOOD = 'debian 12 gnome 43.9';

/** What the requirements say in figures; the catalog's table must say the same. */
const WINDOWS_GATES = {
  backup: ['19045.6216', '22621.5768', '22631.5768', '26100.4946'],
  restoreAtSetup: ['22621.3958', '22631.3958', '26100.4770'],
  restoreOnDemand: ['22621.3958', '22631.3958', '26100.4770'],
  restoreAtFirstSignIn: ['26100.7922', '26200.7922'],
} as const satisfies Record<Answer, readonly string[]>;

for (const answer of ANSWERS)
  for (const gate of WINDOWS_GATES[answer]) {
    const [family = 0, revision = 0] = gate.split('.').map(Number);

    test(`${answer}: one below Windows build ${gate} is too old, and says what is needed`, () => {
      const [reason, ...more] = judged(`${family}.${revision - 1}`)[answer];

      assert.deepEqual([reason?.code, reason?.facts?.['needed'], more], ['buildTooOld', gate, []]);
    });

    test(`${answer}: Windows build ${gate} and one above it may`, () => {
      assert.deepEqual(judged(gate)[answer], []);
      assert.deepEqual(judged(`${family}.${revision + 1}`)[answer], []);
    });
  }

const OTHER_FAMILIES: Readonly<Record<string, Partial<Record<Answer, string>>>> = {
  '10240.99999': { backup: '19045.6216', restoreAtSetup: '22621.3958', restoreAtFirstSignIn: '26100.7922' },
  '19044.99999': { backup: '19045.6216', restoreAtSetup: '22621.3958', restoreAtFirstSignIn: '26100.7922' },
  '19045.99999': { restoreAtSetup: '22621.3958', restoreAtFirstSignIn: '26100.7922' },
  '22000.99999': { backup: '22621.5768', restoreAtSetup: '22621.3958', restoreAtFirstSignIn: '26100.7922' },
  '22631.99999': { restoreAtFirstSignIn: '26100.7922' },
  '26101.0': { restoreAtFirstSignIn: '26200.7922' },
  '26200.0': { restoreAtFirstSignIn: '26200.7922' },
  '26201.0': {},
  '99999.0': {},
};

for (const [build, needed] of Object.entries(OTHER_FAMILIES))
  test(`Windows build ${build}: a family that is not listed needs the next one that is, later ones pass`, () => {
    const answers = judged(build);
    const found = ANSWERS.filter((answer) => answers[answer].length > 0).map((answer) => {
      const [reason] = answers[answer];
      assert.equal(reason?.code, build === '26200.0' ? 'buildTooOld' : 'familyTooOld');
      return [answer, reason?.facts?.['needed']];
    });

    const { restoreAtSetup: onDemand } = needed;
    const expected = { ...needed, ...(onDemand === undefined ? {} : { restoreOnDemand: onDemand }) };
    assert.deepEqual(Object.fromEntries(found), expected);
  });

test('a Windows family of unknown revision is too old, and nonsense is not supported', () => {
  const all = (code: string) => Object.fromEntries(ANSWERS.map((answer) => [answer, [code]]));

  assert.deepEqual(refused('26100'), all('buildTooOld'));
  assert.deepEqual(refused('26100.x'), all('notSupported'));
  assert.deepEqual(refused('10.0.26100.4946'), all('notSupported'));
});

const LINUX_GATES = [
  ['debian', '11.11', '12', '13'],
  ['ubuntu', '23.10', '24.04', '24.10'],
  ['fedora', '40', '41', '42'],
] as const;

for (const [id, below, at, above] of LINUX_GATES)
  test(`${id}: ${below} is too old for every answer; ${at} and ${above} may`, () => {
    const answers = judged(`${id} ${below} gnome 43`);

    for (const answer of ANSWERS)
      assert.deepEqual(
        answers[answer].map(({ code, facts }) => [code, facts?.['build'], facts?.['needed']]),
        [['buildTooOld', below, at]],
      );
    assert.deepEqual(refused(`${id} ${at} gnome 43`), {});
    assert.deepEqual(refused(`${id} ${above} gnome 43`), {});
  });

test('GNOME 42 is too old for every answer; 43 and 44 may', () => {
  assert.deepEqual(Object.values(refused('debian 12 gnome 42.9')), Array(4).fill(['buildTooOld']));
  assert.deepEqual(refused('debian 12 gnome 43'), {});
  assert.deepEqual(refused('debian 12 gnome 44'), {});
});

test('each part that is too old is a reason of its own, with what is needed', () => {
  assert.deepEqual(
    judged('debian 11 gnome 38.2').backup.map(({ code, facts }) => [code, facts?.['family'], facts?.['needed']]),
    [
      ['buildTooOld', 'Debian', '12'],
      ['buildTooOld', 'GNOME', '43'],
    ],
  );
});

test('an unknown distribution, another desktop or nonsense is not supported; an unknown GNOME is too old', () => {
  for (const build of ['arch rolling gnome 47', 'debian 12 kde 6', 'debian 12', '', '   '])
    assert.deepEqual(refused(build).backup, ['notSupported'], build);
  assert.deepEqual(refused('debian 12 gnome').backup, ['buildTooOld']);
});

const JOIN_TYPES: Readonly<Record<JoinType, Partial<Record<Answer, string[]>>>> = {
  joined: {},
  hybrid: { restoreAtSetup: ['hybridAtSetup'] },
  registered: {
    backup: ['notJoined'],
    restoreAtSetup: ['notJoined'],
    restoreAtFirstSignIn: ['notJoined'],
    restoreOnDemand: ['notJoined'],
  },
};

for (const [joinType, expected] of Object.entries(JOIN_TYPES))
  test(`a ${joinType} device, in all four answers`, () => {
    assert.deepEqual(refused(GOOD, { joinType: joinType as JoinType }), expected);
    assert.deepEqual(refused('26200.7922', { joinType: joinType as JoinType }), expected);
  });

const NOBODY = ['selfDeploying'];
const WAYS: Readonly<Record<WayToEnroll, Partial<Record<Answer, string[]>>>> = {
  userDriven: {},
  manual: {},
  settings: { restoreAtSetup: ['notUserDriven'] },
  preProvisioned: { restoreAtSetup: ['notUserDriven'] },
  reset: { restoreAtSetup: ['notUserDriven'] },
  coManaged: { restoreAtSetup: ['notUserDriven'] },
  groupPolicy: { restoreAtSetup: ['notUserDriven'] },
  selfDeploying: {
    backup: NOBODY,
    restoreAtSetup: NOBODY,
    restoreAtFirstSignIn: NOBODY,
    restoreOnDemand: NOBODY,
  },
};

for (const provisioning of WAYS_TO_ENROLL)
  test(`a device that came by ${provisioning}, in all four answers`, () => {
    assert.deepEqual(refused(GOOD, { provisioning }), WAYS[provisioning]);
  });

test('what the service freezes at enrollment is judged as its outcomes are', () => {
  for (const mode of PROVISIONING_MODES)
    assert.equal(judged(GOOD, { provisioning: mode }).restoreAtSetup.length === 0, mayRestoreAtSetup(mode), mode);
});

test('a device of which nobody says how it came was set up by its person', () => {
  assert.deepEqual(refused(GOOD, { provisioning: undefined }), {});
});

test('a shared device and a personal account have no settings to keep or to bring back', () => {
  const all = (code: string) => Object.fromEntries(ANSWERS.map((answer) => [answer, [code]]));

  assert.deepEqual(refused(GOOD, { shared: true }), all('sharedDevice'));
  assert.deepEqual(refused(GOOD, { account: 'personal' }), all('noOrganizationAccount'));
  assert.deepEqual(refused(GOOD, { account: 'organization', shared: false }), {});
});

for (const edition of ['CloudEdition', 'CloudEditionN', 'Holographic', 'IoTUAP', 'IoTUAPCommercial', 'PPIPro'])
  test(`the edition ${edition} has no restore at setup, and all the rest`, () => {
    const device = { platform: 'windows', build: '26200.7922', osName: 'Windows', edition } as const;

    assert.deepEqual(refused('', { device }), { restoreAtSetup: ['editionAtSetup'] });
  });

test('other editions, and editions nobody told, have all four', () => {
  for (const edition of ['Professional', 'Enterprise', 'Education', 'IoTEnterprise', undefined]) {
    const device = { platform: 'windows', build: '26200.7922', osName: 'Windows' } as const;
    assert.deepEqual(refused('', { device: edition === undefined ? device : { ...device, edition } }), {});
  }
});

test('backup, the restore page at enrollment, and restore as it is now are switched apart', () => {
  const off = { backupEnabled: false, restoreEnabled: false };
  const cases: [Decisions, boolean, Partial<Record<Answer, string[]>>][] = [
    [{ backupEnabled: false }, true, { backup: ['notSwitchedOn'] }],
    [{}, false, { restoreAtSetup: ['restorePageOff'] }],
    [
      { restoreEnabled: false },
      true,
      { restoreAtFirstSignIn: ['restoreNotSwitchedOn'], restoreOnDemand: ['restoreNotSwitchedOn'] },
    ],
    [
      off,
      false,
      {
        backup: ['notSwitchedOn'],
        restoreAtSetup: ['restorePageOff'],
        restoreAtFirstSignIn: ['restoreNotSwitchedOn'],
        restoreOnDemand: ['restoreNotSwitchedOn'],
      },
    ],
  ];
  for (const [decisions, page, expected] of cases)
    assert.deepEqual(refused(GOOD, { policy: policyOf(decisions, page) }), expected);
});

test('roaming alone lets nothing be backed up', () => {
  const policy = policyOf({ backupEnabled: false, roamingEnabled: true });

  assert.deepEqual(refused(GOOD, { policy }), { backup: ['notSwitchedOn'] });
});

test('each policy that blocks backups elsewhere is a reason with its name and where it was decided', () => {
  const blockers = ['EnableActivityFeed', 'PublishUserActivities', 'UploadUserActivities', 'EnableCDP'].map(
    (policy) => ({ policy, origin: { source: 'groupPolicy', policy: 'Privacy baseline' } as const }),
  );
  const answers = judged(GOOD, { policy: policyOf({ blockers }) });

  assert.deepEqual(
    answers.backup,
    blockers.map(({ policy }) => ({ code: 'blockedByPolicy', facts: { policy, source: 'Privacy baseline' } })),
  );
  assert.deepEqual([answers.restoreAtSetup, answers.restoreAtFirstSignIn, answers.restoreOnDemand], [[], [], []]);
});

test('quality updates are offered with what they can mend, where the organization lets them', () => {
  const remedies = (build: string, installQualityUpdates: boolean) =>
    judged(build, { joinType: 'registered', policy: policyOf({ installQualityUpdates }) }).backup.map(
      ({ code, remedy }) => [code, remedy],
    );

  assert.deepEqual(remedies('26100.1', true), [
    ['notJoined', undefined],
    ['buildTooOld', 'installUpdates'],
  ]);
  assert.deepEqual(remedies('26100.1', false), [
    ['notJoined', undefined],
    ['buildTooOld', undefined],
  ]);
  assert.deepEqual(remedies('22000.1', true).at(-1), ['familyTooOld', undefined]);
});

test('every reason is named at once', () => {
  const policy = policyOf({ backupEnabled: false, restoreEnabled: false }, false);

  assert.deepEqual(refused('debian 11 gnome 43', { joinType: 'registered', policy, provisioning: 'reset' }), {
    backup: ['notSwitchedOn', 'notJoined', 'buildTooOld'],
    restoreAtSetup: ['restorePageOff', 'notJoined', 'notUserDriven', 'buildTooOld'],
    restoreAtFirstSignIn: ['restoreNotSwitchedOn', 'notJoined', 'buildTooOld'],
    restoreOnDemand: ['restoreNotSwitchedOn', 'notJoined', 'buildTooOld'],
  });
});

test('whatever a device says of itself, each refusal is a reason with all its words', () => {
  const builds = fc.oneof(
    fc.tuple(fc.nat(40_000), fc.nat(9_999)).map(([family, revision]) => `${family}.${revision}`),
    fc.string(),
    fc.constantFrom('debian 12 gnome 43', 'ubuntu 22.04 gnome 42'),
  );
  fc.assert(
    fc.property(
      builds,
      fc.constantFrom('linux', 'windows'),
      fc.constantFrom('joined', 'hybrid', 'registered'),
      fc.option(fc.constantFrom(...WAYS_TO_ENROLL), { nil: undefined }),
      (build, platform, joinType, provisioning) => {
        const device = { platform: platform as 'linux', build, osName: 'A system' };
        const answers = judged('', { device, joinType: joinType as JoinType, provisioning });
        for (const { code, facts = {} } of ANSWERS.flatMap((answer) => answers[answer])) {
          const { reason, remedy } = REASONS[code];
          for (const [, name = ''] of `${reason.en}${reason.de}${remedy.en}${remedy.de}`.matchAll(/\{(\w+)\}/g))
            assert.ok(name in facts, `${code} needs ${name}`);
        }
      },
    ),
  );
});

test('a newer revision is never worse', () => {
  fc.assert(
    fc.property(fc.integer({ min: 10_000, max: 40_000 }), fc.nat(9_999), fc.nat(9_999), (family, a, b) => {
      const [older, newer] = [judged(`${family}.${Math.min(a, b)}`), judged(`${family}.${Math.max(a, b)}`)];
      for (const answer of ANSWERS) assert.ok(newer[answer].length <= older[answer].length);
    }),
  );
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
