/**
 * The schedule as one line of the person's crontab, for systems without a systemd manager.
 *
 * The line ends with a mark, so that it is found again; every other line stays as it is.
 *
 * Source: crontab(1), crontab(5).
 */

import { createHash } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { System } from '../system/system.ts';

const MARK = '# carryover: backup';

/** Safe to repeat. Errors: missingPart when there is no crontab, notAllowed when it refuses. */
export async function installCronLine(system: System, launcher: string): Promise<void> {
  const before = await crontab(system);
  if (before === undefined)
    throw new KnownError(
      'missingPart',
      'There is neither a systemd manager of yours nor cron, so nothing can run by itself. ' +
        'Install cron as an administrator (apt install cron), or call "carryover run-due" every hour some other way.',
    );
  await replace(system, before, withLine(before, cronLine(launcher, minuteOf(system))));
}

/** Leaves nothing of ours behind. Safe to repeat. Errors: notAllowed when crontab refuses. */
export async function removeCronLine(system: System): Promise<void> {
  const before = await crontab(system);
  if (before !== undefined) await replace(system, before, withLine(before, undefined));
}

export async function isCronLineInstalled(system: System): Promise<boolean> {
  return ((await crontab(system)) ?? '').split('\n').some((line) => line.endsWith(MARK));
}

/** `minute` of every hour. The path is quoted for the shell, and for cron, which reads % as a new line. */
export function cronLine(launcher: string, minute: number): string {
  const command = `'${launcher.replaceAll("'", "'\\''")}'`.replaceAll('%', '\\%');
  return `${minute} * * * * ${command} run-due >/dev/null 2>&1 ${MARK}`;
}

/** The crontab with our line in its place, at the end if it is new, or without it. */
export function withLine(before: string, line: string | undefined): string {
  const lines = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const at = lines.findIndex((other) => other.endsWith(MARK));
  const others = lines.filter((other) => !other.endsWith(MARK));
  if (line !== undefined) others.splice(at < 0 ? others.length : at, 0, line);
  return others.map((other) => `${other}\n`).join('');
}

/** Spread over the hour by who and where, the same every time. */
function minuteOf({ home, env }: System): number {
  const seed = `${env['USER'] ?? ''} ${home} ${env['HOSTNAME'] ?? ''}`;
  return createHash('sha256').update(seed).digest().readUInt32BE() % 60;
}

/** Undefined when there is no cron; empty when the person has no crontab. */
async function crontab(system: System): Promise<string | undefined> {
  try {
    const { exit, stdout } = await system.run('crontab', ['-l'], { readOnly: true });
    return exit === 0 ? stdout : '';
  } catch (error) {
    if (error instanceof KnownError && error.code === 'missingPart') return undefined;
    throw error;
  }
}

async function replace(system: System, before: string, after: string): Promise<void> {
  if (after === before) return;
  const { exit, stderr } =
    after === '' ? await system.run('crontab', ['-r']) : await system.run('crontab', ['-'], { stdin: after });
  if (exit !== 0) throw new KnownError('notAllowed', `cron refused the schedule: ${stderr.trim()}`);
}
