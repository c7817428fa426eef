/** The tasks of Windows against the schema of Task Scheduler, and that it refuses what is broken. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PERSON } from '../../testing/windows-tasks.ts';
import { schemaFaults } from '../../testing/xml-schema.ts';
import { backupTask, firstDesktopTask, taskFile } from './task-xml.ts';

const PROGRAM = 'C:\\Program Files\\R&D <Carryover>\\carryover.exe';
const BACKUP = backupTask({ program: PROGRAM, person: PERSON });
const FIRST_DESKTOP = firstDesktopTask({ program: PROGRAM, person: PERSON });

/** Of the very bytes that schtasks is given. */
const faultsIn = (task: string) => schemaFaults('task', taskFile(task));

const TASKS = {
  'the backup': BACKUP,
  'the first desktop': FIRST_DESKTOP,
  "everyone's first desktop": firstDesktopTask({ program: PROGRAM, person: 'everyone' }),
};

for (const [what, task] of Object.entries(TASKS))
  test(`the task for ${what} is as the schema says`, () => {
    assert.deepEqual(faultsIn(task), []);
  });

interface Broken {
  readonly task: string;
  readonly from: string | RegExp;
  readonly to: string;
  readonly fault: RegExp;
}

const BROKEN: Readonly<Record<string, Broken>> = {
  'a repetition before the beginning': {
    task: BACKUP,
    from: /(<StartBoundary>.*<\/StartBoundary>)(\s*)(<Repetition>.*<\/Repetition>)/s,
    to: '$3$2$1',
    fault: /Repetition'?: This element is not expected/,
  },
  'a random delay after the schedule': {
    task: BACKUP,
    from: /(<RandomDelay>.*<\/RandomDelay>)(\s*)(<ScheduleByDay>.*<\/ScheduleByDay>)/s,
    to: '$3$2$1',
    fault: /ScheduleByDay|RandomDelay/,
  },
  'a delay before whose sign-in it is': {
    task: FIRST_DESKTOP,
    from: /(<UserId>.*<\/UserId>)(\s*)(<Delay>.*<\/Delay>)/,
    to: '$3$2$1',
    fault: /UserId'?: This element is not expected/,
  },
  'a schedule without a beginning': {
    task: BACKUP,
    from: /<StartBoundary>.*<\/StartBoundary>/,
    to: '',
    fault: /Expected is .*StartBoundary/,
  },
  'nothing to do': { task: BACKUP, from: /<Actions.*<\/Actions>/s, to: '', fault: /Missing child element.*Actions/ },
  'an action without a command': {
    task: BACKUP,
    from: /<Command>.*<\/Command>/,
    to: '',
    fault: /Exec'?: Missing child element/,
  },
  'a path that is too long': {
    task: BACKUP,
    from: 'carryover.exe',
    to: `${'x'.repeat(260)}.exe`,
    fault: /Command'?: \[facet 'maxLength'\]/,
  },
  'a setting that there is not': {
    task: BACKUP,
    from: '<Hidden>true</Hidden>',
    to: '<Invisible>true</Invisible>',
    fault: /Invisible'?: This element is not expected/,
  },
  'a setting twice': {
    task: BACKUP,
    from: '<Hidden>true</Hidden>',
    to: '<Hidden>true</Hidden><Hidden>true</Hidden>',
    fault: /Hidden'?: This element is not expected/,
  },
  'a switch that is neither on nor off': {
    task: BACKUP,
    from: '<Hidden>true</Hidden>',
    to: '<Hidden>yes</Hidden>',
    fault: /Hidden'?: 'yes' is not a valid value/,
  },
  'a priority beyond ten': {
    task: BACKUP,
    from: '<Priority>7</Priority>',
    to: '<Priority>11</Priority>',
    fault: /Priority'?: \[facet 'maxInclusive'\]/,
  },
  'every half minute': { task: BACKUP, from: 'PT1H', to: 'PT30S', fault: /Interval'?: \[facet 'minInclusive'\]/ },
  'a duration in words': {
    task: BACKUP,
    from: 'PT1H',
    to: '1 hour',
    fault: /Interval'?: .*(pattern|not a valid value)/,
  },
  'a person by name': {
    task: BACKUP,
    from: `<UserId>${PERSON}</UserId>`,
    to: '<UserId>ada</UserId>',
    fault: /UserId'?: \[facet 'pattern'\]/,
  },
  'a right that there is not': {
    task: BACKUP,
    from: 'LeastPrivilege',
    to: 'AllPrivileges',
    fault: /RunLevel'?: \[facet 'enumeration'\]/,
  },
  'an action of nobody': { task: BACKUP, from: 'Context="Person"', to: 'Context="Nobody"', fault: /RunsAs/ },
  'another version': { task: BACKUP, from: 'version="1.2"', to: 'version="1.6"', fault: /'version'.*1\.2/ },
  'another namespace': { task: BACKUP, from: '2004/02', to: '2026/02', fault: /No matching global declaration/ },
};

for (const [what, { task, from, to, fault }] of Object.entries(BROKEN))
  test(`refused: ${what}`, () => {
    const broken = task.replace(from, to);
    assert.notEqual(broken, task);

    assert.match(faultsIn(broken).join('\n'), fault);
  });
