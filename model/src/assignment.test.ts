import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AssignmentTarget, assignmentTargetFrom, groupIdsOf, reaches } from './assignment.ts';

const IDS = ['a', 'b', 'c', 'd'] as const;
const ALL_DEVICES: AssignmentTarget = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };
const ALL_USERS: AssignmentTarget = { '@odata.type': '#microsoft.graph.allLicensedUsersAssignmentTarget' };
const group = (groupId: string): AssignmentTarget => ({
  '@odata.type': '#microsoft.graph.groupAssignmentTarget',
  groupId,
});
const exclusion = (groupId: string): AssignmentTarget => ({
  '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget',
  groupId,
});
const inGroups = (...groups: string[]) => ({ deviceId: 'device', userId: 'user', groups: new Set(groups) });

const targets = fc.array(
  fc.oneof(
    fc.constantFrom(ALL_DEVICES, ALL_USERS),
    fc.constantFrom(...IDS).map(group),
    fc.constantFrom(...IDS).map(exclusion),
  ),
  { maxLength: 8 },
);
const subject = fc.subarray([...IDS]).map((groups) => inGroups(...groups));

test('each target reaches whom it names, and says why', () => {
  const table: [string, AssignmentTarget[], string[], ReturnType<typeof reaches>][] = [
    ['nothing assigned', [], ['a'], { reached: false, kind: 'notAssigned' }],
    ['all devices', [ALL_DEVICES], [], { reached: true, kind: 'everybody' }],
    ['all users', [ALL_USERS], [], { reached: true, kind: 'everybody' }],
    ['a group of theirs', [group('a')], ['a'], { reached: true, kind: 'group', groupId: 'a' }],
    ['a group of others', [group('a')], ['b'], { reached: false, kind: 'notAssigned' }],
    ['only an exclusion', [exclusion('a')], ['b'], { reached: false, kind: 'notAssigned' }],
    [
      'all but a group of theirs',
      [ALL_USERS, exclusion('a')],
      ['a'],
      { reached: false, kind: 'excluded', groupId: 'a' },
    ],
    ['all but a group of others', [ALL_USERS, exclusion('a')], ['b'], { reached: true, kind: 'everybody' }],
    ['the same group twice', [group('a'), exclusion('a')], ['a'], { reached: false, kind: 'excluded', groupId: 'a' }],
    [
      'in one group, out by another',
      [group('a'), exclusion('b')],
      ['a', 'b'],
      { reached: false, kind: 'excluded', groupId: 'b' },
    ],
  ];
  for (const [name, assigned, groups, expected] of table)
    assert.deepEqual(reaches(assigned, inGroups(...groups)), expected, name);
});

test('adding an exclusion never widens', () => {
  fc.assert(
    fc.property(targets, fc.constantFrom(...IDS), subject, (assigned, groupId, who) => {
      const before = reaches(assigned, who);
      const after = reaches([...assigned, exclusion(groupId)], who);
      assert.ok(!after.reached || before.reached);
      assert.equal(after.reached, before.reached && !who.groups.has(groupId));
    }),
  );
});

test('the order of targets never matters, nor does saying one twice', () => {
  const shuffled = targets.chain((assigned) =>
    fc.tuple(fc.constant(assigned), fc.shuffledSubarray(assigned, { minLength: assigned.length })),
  );
  fc.assert(
    fc.property(shuffled, subject, ([assigned, other], who) => {
      assert.deepEqual(reaches(other, who), reaches(assigned, who));
      assert.deepEqual(reaches([...other, ...assigned], who), reaches(assigned, who));
    }),
  );
});

test('what does not include somebody reaches nobody', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...IDS).map(exclusion)), subject, (assigned, who) => {
      assert.equal(reaches(assigned, who).reached, false);
    }),
  );
});

test('a target is read from the wire, a group by its id', () => {
  const groupId = '6F0E9D53-3C1B-4E6C-9C9E-0A6C0C5D7B11';

  assert.deepEqual(assignmentTargetFrom({ ...ALL_DEVICES }), ALL_DEVICES);
  assert.deepEqual(
    assignmentTargetFrom({ ...group(groupId), deviceAndAppManagementAssignmentFilterType: 'none' }),
    group(groupId.toLowerCase()),
  );
  assert.deepEqual([...groupIdsOf([ALL_USERS, group('a'), exclusion('b'), group('a')])], ['a', 'b']);
});

test('a target that would reach somebody else than it says is refused by name', () => {
  const groupId = '6f0e9d53-3c1b-4e6c-9c9e-0a6c0c5d7b11';
  const table: [unknown, RegExp][] = [
    [undefined, /assignments\[0\]\.target must be an object/],
    [{}, /assignments\[0\]\.target\["@odata\.type"\] must be one of #microsoft\.graph\.allDevicesAssignmentTarget, /],
    [{ '@odata.type': '#microsoft.graph.allDevices' }, /must be one of/],
    [{ '@odata.type': '#microsoft.graph.groupAssignmentTarget' }, /\.groupId must be the id of a group/],
    [group('everybody'), /\.groupId must be the id of a group/],
    [{ ...ALL_DEVICES, groupId }, /\.groupId does not belong to/],
    [{ ...group(groupId), collectionId: 'x' }, /\.collectionId is not known/],
    [{ ...ALL_DEVICES, deviceAndAppManagementAssignmentFilterId: groupId }, /assignment filter/],
    [{ ...ALL_DEVICES, deviceAndAppManagementAssignmentFilterType: 'include' }, /assignment filter/],
  ];
  for (const [value, message] of table)
    assert.throws(() => assignmentTargetFrom(value, 'assignments[0].target'), { code: 'invalidRequest', message });
});
