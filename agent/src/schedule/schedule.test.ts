/**
 * Against the real systemd-analyze, and stand-ins for systemctl and crontab that keep what they are told in files: no
 * manager or cron of this machine is touched.
 */

import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { type TemporaryHome, temporaryHome } from '../../testing/temporary-home.ts';
import { cronLine, withLine } from './cron.ts';
import { installSchedule, removeSchedule, scheduleState } from './schedule.ts';
import { unitFiles } from './systemd.ts';

const LAUNCHER = '/opt/carry over/carryover';

const SYSTEMCTL = `#!/bin/sh
echo "$*" >> "$RECORD/systemctl.log"
units="$HOME/.config/systemd/user"
case "$*" in
  *"show --property=Version") echo Version=252 ;;
  *" enable "*) mkdir -p "$units/timers.target.wants"
    ln -sf "$units/carryover-backup.timer" "$units/timers.target.wants/" ;;
  *" disable "*) rm -f "$units/timers.target.wants/carryover-backup.timer" ;;
esac
`;

const CRONTAB = `#!/bin/sh
case "$1" in
  -l) if [ -e "$RECORD/crontab" ]; then cat "$RECORD/crontab"; else echo "no crontab for ada" >&2; exit 1; fi ;;
  -r) rm "$RECORD/crontab" ;;
  -) cat > "$RECORD/crontab" ;;
  *) exit 2 ;;
esac
`;

interface Machine extends AsyncDisposable {
  readonly system: TemporaryHome;
  /** Text of a file of the stand-ins; undefined when there is none. */
  record(name: string): Promise<string | undefined>;
  leftovers(): Promise<string[]>;
}

async function aMachine(programs: Readonly<Record<string, string>>): Promise<Machine> {
  const outer = await temporaryHome();
  const [bin, record, runtime] = ['bin', 'record', 'runtime'].map((name) => join(outer.root, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [bin, record, runtime]) await mkdir(folder, { mode: 0o700 });
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(join(bin, name), script);
    await chmod(join(bin, name), 0o755);
  }
  // The tools that the stand-ins use, and nothing that this machine might have of cron or systemd.
  const { stdout } = await outer.run('sh', ['-c', 'for tool in cat rm mkdir ln; do command -v $tool; done']);
  for (const path of stdout.trim().split('\n')) await outer.run('ln', ['-s', path, bin]);
  const env = { PATH: bin, RECORD: record, XDG_RUNTIME_DIR: runtime };
  const system = await temporaryHome(env);
  return {
    system,
    record: (name) => readFile(join(record, name), 'utf8').catch(() => undefined),
    async leftovers() {
      const entries = await readdir(system.home, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
    },
    async [Symbol.asyncDispose]() {
      await system[Symbol.asyncDispose]();
      await outer[Symbol.asyncDispose]();
    },
  };
}

test('where a systemd manager runs, a timer is installed, once', async () => {
  await using machine = await aMachine({ systemctl: SYSTEMCTL });
  const { system } = machine;

  const kinds = [await installSchedule(system, LAUNCHER), await installSchedule(system, LAUNCHER)];

  assert.deepEqual(kinds, ['systemd', 'systemd']);
  assert.equal(await scheduleState(system), 'systemd');
  assert.deepEqual((await machine.leftovers()).toSorted(), [
    'carryover-backup.service',
    'carryover-backup.timer',
    'carryover-backup.timer',
  ]);
  assert.match(
    (await machine.record('systemctl.log')) ?? '',
    /^--user daemon-reload\n--user enable --quiet --now carryover-backup\.timer$/m,
  );
});

test('removing the timer leaves no file, nor does removing it again', async () => {
  await using machine = await aMachine({ systemctl: SYSTEMCTL });
  const { system } = machine;
  await installSchedule(system, LAUNCHER);
  const stamps = join(system.home, '.local/share/systemd/timers');
  await mkdir(stamps, { recursive: true });
  await writeFile(join(stamps, 'stamp-carryover-backup.timer'), '');

  await removeSchedule(system);
  await removeSchedule(system);

  assert.deepEqual(await machine.leftovers(), []);
  assert.equal(await scheduleState(system), undefined);
});

test('a timer is removed also while no manager runs', async () => {
  await using machine = await aMachine({ systemctl: SYSTEMCTL });
  await installSchedule(machine.system, LAUNCHER);
  const offline = { ...machine.system, runtimeFolder: undefined };

  await removeSchedule(offline);

  assert.deepEqual(await machine.leftovers(), []);
});

test('a manager that refuses is an error that says where to look', async () => {
  const refusing = SYSTEMCTL.replace('*" enable "*) mkdir', '*" enable "*) exit 1; mkdir');
  await using machine = await aMachine({ systemctl: refusing });

  await assert.rejects(installSchedule(machine.system, LAUNCHER), {
    code: 'notAllowed',
    message: /systemctl --user status/,
  });
});

test('systemd itself finds nothing wrong with the unit files, whatever the path', async () => {
  for (const launcher of ['/usr/bin/env', '/opt/ä b/50% $HOME %h/carryover']) {
    await using home = await temporaryHome();
    const path = join(home.root, launcher.slice(1));
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(path, '#!/bin/sh\n');
    await chmod(path, 0o755);
    for (const [name, text] of Object.entries(unitFiles(path))) await writeFile(join(home.root, name), text);

    const timer = join(home.root, 'carryover-backup.timer');
    const { exit, stdout, stderr } = await home.run('systemd-analyze', ['verify', '--user', '--man=no', timer], {
      env: { SYSTEMD_UNIT_PATH: `${home.root}:`, XDG_RUNTIME_DIR: home.root },
    });

    const ours = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('carryover'));
    assert.deepEqual([exit, ours], [0, []]);
  }
});

test('without a manager, one line of the crontab is ours and the others stay', async () => {
  await using machine = await aMachine({ crontab: CRONTAB });
  const { system } = machine;
  await system.run('crontab', ['-'], { stdin: 'MAILTO=ada\n5 4 * * * backup-of-mine' });

  const kinds = [await installSchedule(system, '/old/carryover'), await installSchedule(system, LAUNCHER)];
  const installed = await machine.record('crontab');
  const state = await scheduleState(system);
  await removeSchedule(system);

  assert.deepEqual(kinds, ['cron', 'cron']);
  assert.equal(state, 'cron');
  assert.match(
    installed ?? '',
    /^MAILTO=ada\n5 4 \* \* \* backup-of-mine\n\d+ \* \* \* \* '\/opt\/carry over\/carryover' run-due >\/dev\/null 2>&1 # carryover: backup\n$/,
  );
  assert.equal(await machine.record('crontab'), 'MAILTO=ada\n5 4 * * * backup-of-mine\n');
  assert.equal(await scheduleState(system), undefined);
});

test('a crontab that held only our line is gone afterwards', async () => {
  await using machine = await aMachine({ crontab: CRONTAB });
  await installSchedule(machine.system, LAUNCHER);

  await removeSchedule(machine.system);
  await removeSchedule(machine.system);

  assert.equal(await machine.record('crontab'), undefined);
});

test('when a manager has come since, the timer takes the place of the line', async () => {
  await using machine = await aMachine({ crontab: CRONTAB, systemctl: SYSTEMCTL });
  await installSchedule({ ...machine.system, runtimeFolder: undefined }, LAUNCHER);

  await installSchedule(machine.system, LAUNCHER);

  assert.equal(await machine.record('crontab'), undefined);
  assert.equal(await scheduleState(machine.system), 'systemd');
});

test('with neither, it is said what to do', async () => {
  await using machine = await aMachine({});

  await assert.rejects(installSchedule(machine.system, LAUNCHER), { code: 'missingPart', message: /apt install cron/ });
  await removeSchedule(machine.system);
  assert.equal(await scheduleState(machine.system), undefined);
});

for (const launcher of ['carryover', './carryover', '/a\nb', '/a"b', "/it's", '/a\\b'])
  test(`${JSON.stringify(launcher)} is no path to schedule`, async () => {
    await using machine = await aMachine({ systemctl: SYSTEMCTL });

    await assert.rejects(installSchedule(machine.system, launcher), { code: 'invalidRequest' });
  });

test('a path is quoted for the shell and for cron', async () => {
  await using home = await temporaryHome();
  const path = join(home.root, `it's 50% $HOME`);
  await writeFile(path, '#!/bin/sh\necho "called with $1" > "$RECORD"\n');
  await chmod(path, 0o755);
  const line = cronLine(path, 7);
  // What cron hands to the shell: the sixth field on, with \% as %.
  const command = line.split(' ').slice(5).join(' ').replaceAll('\\%', '%');

  await home.run('sh', ['-c', command], { env: { RECORD: join(home.root, 'record') } });

  assert.match(line, /^7 \* \* \* \* /);
  assert.equal(await readFile(join(home.root, 'record'), 'utf8'), 'called with run-due\n');
});

test('our line keeps its place, and a crontab without one is not touched', () => {
  const [one, two] = [cronLine('/one', 1), cronLine('/two', 2)];

  assert.equal(withLine(`a\n${one}\nb\n`, two), `a\n${two}\nb\n`);
  assert.equal(withLine(`a\n${one}\n${one}\nb\n`, two), `a\n${two}\nb\n`);
  assert.equal(withLine('a\n\nb\n', undefined), 'a\n\nb\n');
  assert.equal(withLine('', one), `${one}\n`);
});
