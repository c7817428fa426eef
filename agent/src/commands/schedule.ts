/**
 * `carryover schedule install|remove`: whether backups happen by themselves on this PC; with --for-everyone, whether each of
 * its people is asked at the first desktop what comes over.
 */

import { KnownError } from '@carryover/model/errors';
import { installForEveryone, removeForEveryone } from '../schedule/autostart.ts';
import { removeSchedule, type ScheduleKind } from '../schedule/schedule.ts';
import type { Agent } from './agent.ts';
import { startByItself } from './by-itself.ts';
import { removeEntry } from './desktop-entry.ts';
import { nearest } from './nearest.ts';
import { notEnrolled } from './real-agent.ts';
import { misused, parsed, type Text } from './words.ts';

const ACTIONS = ['install', 'remove'] as const;

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('schedule', args);
  const action = ACTIONS.find((one) => one === positionals[0]);
  if (action === undefined) {
    const close = nearest(positionals[0] ?? '', ACTIONS) ?? 'install';
    throw misused(
      'schedule',
      `"${positionals[0]}" is neither "install" nor "remove". Did you mean: carryover schedule ${close}`,
    );
  }
  const { state, out } = agent;
  if (values['for-everyone']) return forEveryone(action, values.json === true, agent);
  const kind = await state.exclusively(async () => {
    if (action === 'remove') return remove(agent);
    if ((await state.read('enrollment')) === undefined) throw notEnrolled();
    return startByItself(agent);
  });
  if (values.json) out.json({ schedule: kind ?? null });
  else out.line(`${out.signs.done} ${(kind === undefined ? REMOVED : INSTALLED[kind])[out.language]}`);
}

/** Needs no enrollment: it is for people who have none yet. Errors: notAllowed (needsAdministrator); invalidRequest. */
async function forEveryone(
  action: (typeof ACTIONS)[number],
  json: boolean,
  { system, config, out }: Agent,
): Promise<void> {
  const { launcher } = config;
  const { putElevatedInPlace, removeElevated } = await import('../elevated/in-place.ts');
  let elevated: Awaited<ReturnType<typeof putElevatedInPlace>> = 'notOnThisSystem';
  if (action === 'remove') {
    await removeForEveryone(system);
    await removeElevated(system);
  } else {
    if ((await system.facts(launcher)) === undefined)
      throw new KnownError('missingPart', `There is no ${launcher} that the desktop could call.`);
    if (isInHome(system, launcher))
      throw new KnownError(
        'invalidRequest',
        `${launcher} lies in a home folder, where other people cannot start it. Put Carryover where everyone can, e.g. below ${system.registry === undefined ? '/opt' : 'C:\\Program Files'}.`,
      );
    await installForEveryone(system, launcher);
    elevated = await putElevatedInPlace(system, launcher);
  }
  const there = elevated === 'inPlace';
  if (json) return out.json({ forEveryone: action === 'install', ...(there ? { elevated: true } : {}) });
  out.line(`${out.signs.done} ${(action === 'install' ? ASKS_EVERYONE : ASKS_NOBODY)[out.language]}`);
  if (there) out.line(`${out.signs.done} ${CHANGES_FOR_THEM[out.language]}`);
  if (elevated === 'notSafe') out.note(`${out.signs.warning} ${NOT_SAFE[out.language]}`);
}

/** Windows has two separators, and capitals that mean nothing. */
function isInHome({ home, registry }: Agent['system'], path: string): boolean {
  if (registry === undefined) return path.startsWith(`${home}/`);
  const plain = (text: string) => text.replaceAll('\\', '/').toLowerCase();
  return plain(path).startsWith(`${plain(home)}/`);
}

async function remove(agent: Agent): Promise<undefined> {
  const { state, system } = agent;
  await removeSchedule(system);
  const choice = await state.read('choice');
  // A choice that waits to be carried out was made for a desktop that starts it.
  if (choice === undefined || choice.choice.kind === 'new' || choice.ended !== undefined) await removeEntry(agent);
  await state.remove('schedule');
}

const INSTALLED: Readonly<Record<ScheduleKind, Text>> = {
  systemd: {
    en: 'This PC backs up by itself when it is time (a systemd timer of yours)',
    de: 'Dieser PC sichert von selbst, wenn es Zeit ist (ein systemd-Timer von Ihnen)',
  },
  cron: {
    en: 'This PC backs up by itself when it is time (a line in your crontab)',
    de: 'Dieser PC sichert von selbst, wenn es Zeit ist (eine Zeile in Ihrer crontab)',
  },
  taskScheduler: {
    en: 'This PC backs up by itself when it is time (a task of yours in Task Scheduler)',
    de: 'Dieser PC sichert von selbst, wenn es Zeit ist (eine Aufgabe von Ihnen in der Aufgabenplanung)',
  },
};

const ASKS_EVERYONE: Text = {
  en: 'Each person of this PC is asked at the desktop what comes over, until they have decided',
  de: 'Jede Person dieses PCs wird am Desktop gefragt, was übernommen wird, bis sie entschieden hat',
};

const CHANGES_FOR_THEM: Text = {
  en: 'What only an administrator may change of their settings is changed by a task of the system',
  de: 'Was an ihren Einstellungen nur ein Administrator ändern darf, ändert eine Aufgabe des Systems',
};

const NOT_SAFE: Text = {
  en: 'Settings that only an administrator may change stay out: Carryover does not lie below Program Files, where people cannot change it',
  de: 'Einstellungen, die nur ein Administrator ändern darf, bleiben außen vor: Carryover liegt nicht unter „Programme“ (Program Files), wo es niemand ändern kann',
};

const ASKS_NOBODY: Text = {
  en: 'Nobody is asked at the desktop any more, unless they connected this PC themselves',
  de: 'Niemand wird mehr am Desktop gefragt, außer wer diesen PC selbst verbunden hat',
};

const REMOVED: Text = {
  en: 'This PC no longer backs up by itself. By hand: carryover backup',
  de: 'Dieser PC sichert nicht mehr von selbst. Von Hand: carryover backup',
};
