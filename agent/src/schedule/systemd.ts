/**
 * The schedule as a timer of the person's own systemd manager: two unit files, nothing else.
 *
 * Hourly by the calendar and caught up after a pause: a timer that counts from its last run forgets it with every
 * sign-out. Whether a backup is due is the agent's to say; the timer only asks. The spread keeps a fleet from waking at
 * once.
 *
 * Source: systemd.timer(5), systemd.service(5); docs/decisions/2026-11-25-timer-asks-agent-decides.md.
 */

import { KnownError } from '@carryover/model/errors';
import type { System } from '../system/system.ts';

const NAME = 'carryover-backup';
const TIMER = `${NAME}.timer`;

/** Whether the person's systemd manager answers. */
export async function hasUserManager(system: System): Promise<boolean> {
  if (system.runtimeFolder === undefined) return false;
  return (await userManager(system, ['show', '--property=Version'], { readOnly: true })) === 0;
}

export async function isTimerInstalled(system: System): Promise<boolean> {
  return (await system.facts(`${unitFolder(system)}/${TIMER}`)) !== undefined;
}

/** Safe to repeat. Errors: notAllowed when the manager refuses the timer, invalidRequest for a path it would refuse. */
export async function installTimer(system: System, launcher: string): Promise<void> {
  if (/["'\\]/.test(launcher))
    throw new KnownError('invalidRequest', `systemd runs no program with quotes in its path. Move it: ${launcher}`);
  for (const [name, text] of Object.entries(unitFiles(launcher)))
    await system.writeFile(`${unitFolder(system)}/${name}`, text, 0o644);
  for (const command of [['daemon-reload'], ['enable', '--quiet', '--now', TIMER]])
    if ((await userManager(system, command)) !== 0)
      throw new KnownError('notAllowed', `systemd refused the schedule. See: systemctl --user status ${TIMER}`);
}

/** Leaves nothing behind, also when the manager does not run now. Safe to repeat. */
export async function removeTimer(system: System): Promise<void> {
  const managed = await hasUserManager(system);
  if (!managed && !(await isTimerInstalled(system))) return;
  if (managed) await userManager(system, ['disable', '--quiet', '--now', TIMER]);
  const folder = unitFolder(system);
  await system.removeFile(`${folder}/timers.target.wants/${TIMER}`);
  for (const name of Object.keys(unitFiles('/'))) await system.removeFile(`${folder}/${name}`);
  await system.removeFile(`${stampFolder(system)}/stamp-${TIMER}`);
  if (managed) await userManager(system, ['daemon-reload']);
}

/** The unit files by name. `launcher` is the absolute path of the program that is called with "run-due". */
export function unitFiles(launcher: string): Readonly<Record<string, string>> {
  return {
    [`${NAME}.service`]: `[Unit]
Description=Carryover: back up settings and apps if it is time

[Service]
Type=oneshot
ExecStart=${quoted(launcher)} run-due
Nice=10
IOSchedulingClass=idle
`,
    [TIMER]: `[Unit]
Description=Carryover: look every hour whether a backup is due

[Timer]
OnCalendar=hourly
Persistent=true
RandomizedDelaySec=30min

[Install]
WantedBy=timers.target
`,
  };
}

/** A path as systemd reads it: quoted, with its own sign (%) doubled. In the name of a program $ means nothing to it. */
function quoted(path: string): string {
  return `"${path.replaceAll('%', '%%')}"`;
}

function unitFolder({ env, home }: System): string {
  return `${env['XDG_CONFIG_HOME'] || `${home}/.config`}/systemd/user`;
}

/** Where systemd notes the last run of a persistent timer. */
function stampFolder({ env, home }: System): string {
  return `${env['XDG_DATA_HOME'] || `${home}/.local/share`}/systemd/timers`;
}

/** Exit code; not 0 as well where there is no systemctl. */
async function userManager(
  system: System,
  args: readonly string[],
  options: { readonly readOnly?: boolean } = {},
): Promise<number> {
  try {
    const { exit } = await system.run('systemctl', ['--user', ...args], {
      ...options,
      env: { XDG_RUNTIME_DIR: system.runtimeFolder },
    });
    return exit;
  } catch (error) {
    if (error instanceof KnownError && error.code === 'missingPart') return 127;
    throw error;
  }
}
