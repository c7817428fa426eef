/**
 * The rules of Task Scheduler's schema for what our tasks use: which elements may stand where, in which order where there
 * is one, and what their texts may be. What is not in the table is not allowed.
 *
 * Source: Task Scheduler Schema (MS-TSCH 2.5.1 to 2.5.8), schema version 1.2.
 */

import type { XmlElement } from './xml-tree.ts';

interface Rule {
  /** Children allowed; those with "!" must be there. Undefined: text only. */
  readonly children?: readonly string[];
  /** Children come in this order. */
  readonly inOrder?: true;
  readonly text?: RegExp;
  readonly attributes?: readonly string[];
}

const BOOLEAN = /^(true|false)$/;
const DURATION = /^P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?$/;
const ANY = /^.+$/;
const SECURITY_ID = /^S-1-\d+(-\d+)+$/;

const SWITCHES = [
  'AllowStartOnDemand',
  'DisallowStartIfOnBatteries',
  'StopIfGoingOnBatteries',
  'AllowHardTerminate',
  'StartWhenAvailable',
  'RunOnlyIfNetworkAvailable',
  'WakeToRun',
  'Enabled',
  'Hidden',
  'RunOnlyIfIdle',
];

const RULES: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(SWITCHES.map((name) => [name, { text: BOOLEAN }])),
  Task: {
    children: ['RegistrationInfo', 'Triggers', 'Principals', 'Settings', 'Actions!'],
    attributes: ['version', 'xmlns'],
  },
  RegistrationInfo: { children: ['Author', 'Description', 'URI', 'Date', 'Source', 'Version', 'SecurityDescriptor'] },
  SecurityDescriptor: { text: /^(O:\w+)?(G:\w+)?D:P?(\(A;\w*;\w+;;;[\w-]+\))+$/ },
  Author: { text: ANY },
  Description: { text: ANY },
  Triggers: { children: ['CalendarTrigger', 'LogonTrigger'] },
  CalendarTrigger: {
    children: ['Enabled', 'StartBoundary!', 'EndBoundary', 'Repetition', 'RandomDelay', 'ScheduleByDay!'],
    inOrder: true,
  },
  LogonTrigger: { children: ['Enabled', 'StartBoundary', 'EndBoundary', 'UserId', 'Delay'], inOrder: true },
  StartBoundary: { text: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/ },
  Repetition: { children: ['Interval!', 'Duration', 'StopAtDurationEnd'], inOrder: true },
  Interval: { text: DURATION },
  Duration: { text: DURATION },
  StopAtDurationEnd: { text: BOOLEAN },
  RandomDelay: { text: DURATION },
  ScheduleByDay: { children: ['DaysInterval'] },
  DaysInterval: { text: /^[1-9]\d{0,2}$/ },
  Delay: { text: DURATION },
  Principals: { children: ['Principal!'] },
  Principal: { children: ['UserId', 'GroupId', 'LogonType', 'RunLevel'], attributes: ['id'] },
  UserId: { text: SECURITY_ID },
  GroupId: { text: SECURITY_ID },
  LogonType: { text: /^(S4U|Password|InteractiveToken|InteractiveTokenOrPassword)$/ },
  RunLevel: { text: /^(LeastPrivilege|HighestAvailable)$/ },
  Settings: {
    children: [...SWITCHES, 'RestartOnFailure', 'MultipleInstancesPolicy', 'ExecutionTimeLimit', 'Priority'],
  },
  MultipleInstancesPolicy: { text: /^(Parallel|Queue|IgnoreNew|StopExisting)$/ },
  ExecutionTimeLimit: { text: DURATION },
  Priority: { text: /^([0-9]|10)$/ },
  Actions: { children: ['Exec!'], attributes: ['Context'] },
  Exec: { children: ['Command!', 'Arguments', 'WorkingDirectory'] },
  Command: { text: ANY },
  Arguments: { text: ANY },
};
/** What is wrong with a task, each with where; empty: nothing. */
export function faultsIn(element: XmlElement, path = element.name): string[] {
  const rule = RULES[element.name];
  if (rule === undefined) return [`${path} is not in the schema`];
  const names = element.children.map(({ name }) => name);
  const allowed = (rule.children ?? []).map((name) => name.replace('!', ''));
  const needed = (rule.children ?? []).filter((name) => name.endsWith('!')).map((name) => name.slice(0, -1));
  const attributes = Object.keys(element.attributes).filter((name) => !(rule.attributes ?? []).includes(name));
  const positions = names.map((name) => allowed.indexOf(name));
  const text = element.text.trim();
  return [
    ...names.filter((name) => !allowed.includes(name)).map((name) => `${path} must not hold ${name}`),
    ...needed.filter((name) => !names.includes(name)).map((name) => `${path} needs ${name}`),
    ...names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${path} holds ${name} twice`),
    ...(rule.inOrder === true && positions.some((at, index) => at < (positions[index - 1] ?? 0))
      ? [`${path} is out of order`]
      : []),
    ...attributes.map((name) => `${path} must not have ${name}`),
    ...((rule.text ?? /^$/).test(text) ? [] : [`${path} must not be "${text}"`]),
    ...element.children.flatMap((child) => faultsIn(child, `${path}/${child.name}`)),
  ];
}
