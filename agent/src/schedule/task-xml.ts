/**
 * Tasks of Windows' Task Scheduler as it keeps them: XML of its schema 1.2. Pure.
 *
 * A task runs as the person, without a password and without rights beyond theirs, and only while they are signed in: the
 * settings are in their part of the registry, which is there only then.
 *
 * The backup's task asks every hour, on battery too, late where the PC was off, spread over half an hour and not without
 * a network. Whether a backup is due is the agent's to say. The other starts when somebody signs in, and may stay for as
 * long as the restore page is open.
 *
 * Source: Task Scheduler Schema (MS-TSCH 2.5); docs/decisions/2026-11-25-timer-asks-agent-decides.md.
 */

export interface TaskOptions {
  /** The program's whole path. Task Scheduler replaces %NAMES% in it, and needs no quotes. */
  readonly program: string;
  /** A security identifier, "S-1-5-21-…"; everyone: whoever signs in. */
  readonly person: string | 'everyone';
}

/** Everybody who can sign in: the group BUILTIN\Users, whatever it is called here. */
const USERS = 'S-1-5-32-545';

/** Calls "run-due". `person` is one. */
export function backupTask(options: TaskOptions): string {
  return task(options, {
    description: 'Looks every hour whether a backup of settings and apps is due (Carryover).',
    argument: 'run-due',
    trigger: `<CalendarTrigger>
      <Enabled>true</Enabled>
      <StartBoundary>2026-01-01T00:00:00</StartBoundary>
      <Repetition>
        <Interval>PT1H</Interval>
        <Duration>P1D</Duration>
        <StopAtDurationEnd>false</StopAtDurationEnd>
      </Repetition>
      <RandomDelay>PT30M</RandomDelay>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>`,
    needsNetwork: true,
    timeLimit: 'PT2H',
    priority: LOW,
  });
}

/** Calls "first-desktop". */
export function firstDesktopTask(options: TaskOptions): string {
  const { person } = options;
  // A trigger for everybody's sign-in is an administrator's to make; one's own is not.
  const whose = person === 'everyone' ? '' : `\n      <UserId>${escaped(person)}</UserId>`;
  return task(options, {
    description:
      'Asks after a new PC was set up what comes over, until that is decided, and brings it over (Carryover).',
    argument: 'first-desktop',
    trigger: `<LogonTrigger>
      <Enabled>true</Enabled>${whose}
      <Delay>PT5S</Delay>
    </LogonTrigger>`,
    needsNetwork: false,
    timeLimit: NO_LIMIT,
    priority: NORMAL,
  });
}

/** Calls "apply-elevated", as the system. `program`: as in TaskOptions. */
export function elevatedTask(program: string): string {
  return task(
    { program, person: SYSTEM },
    {
      description: 'Changes settings of the whole PC for a person whose settings are restored (Carryover).',
      argument: 'apply-elevated',
      access: STARTED_BY_WHO_IS_SIGNED_IN,
      needsNetwork: false,
      timeLimit: 'PT5M',
      priority: NORMAL,
      oneAfterTheOther: true,
    },
  );
}

const SYSTEM = 'S-1-5-18';
/** The system and administrators may everything, who is signed in may see it and start it. */
const STARTED_BY_WHO_IS_SIGNED_IN = 'D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FRFX;;;AU)';

/** As the schema counts: 0 is the highest, 7 below normal, in processor, disk and memory. */
const [NORMAL, LOW] = [5, 7];
const NO_LIMIT = 'PT0S';

interface Task {
  readonly description: string;
  readonly argument: string;
  /** Undefined: it only starts when somebody starts it. */
  readonly trigger?: string;
  /** Who may do what with it, as a security descriptor. Undefined: as Task Scheduler decides. */
  readonly access?: string;
  readonly needsNetwork: boolean;
  readonly timeLimit: string;
  readonly priority: number;
  /** A start while it runs waits for its turn. Default: there is none. */
  readonly oneAfterTheOther?: boolean;
}

function task({ program, person }: TaskOptions, parts: Task): string {
  const access =
    parts.access === undefined ? '' : `\n    <SecurityDescriptor>${escaped(parts.access)}</SecurityDescriptor>`;
  const triggers = parts.trigger === undefined ? '' : `\n    ${parts.trigger}\n  `;
  return `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Author>Carryover</Author>
    <Description>${escaped(parts.description)}</Description>${access}
  </RegistrationInfo>
  <Triggers>${triggers}</Triggers>
  <Principals>
    <Principal id="Person">
      ${principalOf(person)}
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>${parts.oneAfterTheOther === true ? 'Queue' : 'IgnoreNew'}</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <AllowHardTerminate>true</AllowHardTerminate>
    <StartWhenAvailable>true</StartWhenAvailable>
    <RunOnlyIfNetworkAvailable>${parts.needsNetwork}</RunOnlyIfNetworkAvailable>
    <AllowStartOnDemand>true</AllowStartOnDemand>
    <Enabled>true</Enabled>
    <Hidden>true</Hidden>
    <RunOnlyIfIdle>false</RunOnlyIfIdle>
    <WakeToRun>false</WakeToRun>
    <ExecutionTimeLimit>${parts.timeLimit}</ExecutionTimeLimit>
    <Priority>${parts.priority}</Priority>
  </Settings>
  <Actions Context="Person">
    <Exec>
      <Command>${escaped(program)}</Command>
      <Arguments>${escaped(parts.argument)}</Arguments>
    </Exec>
  </Actions>
</Task>
`;
}

function principalOf(person: string): string {
  if (person === SYSTEM) return `<UserId>${SYSTEM}</UserId>\n      <RunLevel>HighestAvailable</RunLevel>`;
  const who =
    person === 'everyone'
      ? `<GroupId>${USERS}</GroupId>`
      : `<UserId>${escaped(person)}</UserId>
      <LogonType>InteractiveToken</LogonType>`;
  return `${who}\n      <RunLevel>LeastPrivilege</RunLevel>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** As schtasks reads it from a file: UTF-16 with a mark at its beginning. */
export function taskFile(xml: string): Uint8Array {
  return Buffer.from(`\ufeff${xml.replaceAll('\n', '\r\n')}`, 'utf16le');
}
