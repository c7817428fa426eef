/**
 * What the card at the top says: how backup stands on this PC, in a title and a sentence or two.
 *
 * Pure: language, time zone and now are handed in. Source: screens.md sections 3 and 4 (Settings).
 */

import type { BackupView } from '@carryover/model/local-pages';
import { type Language, wordsOf } from '@carryover/model/reasons';
import type { State } from '../shared/state-text.tsx';
import { atStart, day, size, when } from '../shared/when.ts';
import type { settingsEn } from '../shared/words/en/settings.ts';
import type { sharedEn } from '../shared/words/en/shared.ts';
import type { Say } from '../shared/words/text.ts';

type SettingsSay = Say<typeof sharedEn & typeof settingsEn>;

/** Where and when it is said. */
export interface Here {
  readonly say: SettingsSay;
  readonly language: Language;
  readonly timeZone?: string;
  readonly now: Date;
}

export interface Status {
  readonly state: State;
  readonly title: string;
  readonly sentence: string;
}

export function statusOf(backup: BackupView, here: Here): Status {
  const { say } = here;
  const { running, obstacles, lastFault, last } = backup;
  const lost = obstacles.find(({ code }) => code === 'noContact');
  if (running !== undefined)
    return { state: 'waiting', title: say('settings.running'), sentence: stepWords(running, here) };
  if (obstacles.length > 0)
    return {
      // Nobody switched anything off: it goes on with the next contact.
      state: lost === undefined ? 'off' : 'toDo',
      title: say(lost === undefined ? 'settings.off' : 'settings.noContact'),
      sentence:
        last === undefined ? say('settings.noneHere') : say('settings.lastGood', { when: moment(last.at, here) }),
    };
  if (lastFault !== undefined) {
    const good =
      last === undefined ? say('settings.noneHere') : say('settings.lastGood', { when: moment(last.at, here) });
    return { state: 'failing', title: say('settings.failed'), sentence: good };
  }
  if (last === undefined) {
    const sentence = nextWords(backup, here) || say('settings.noneHere');
    return { state: 'toDo', title: say('settings.never'), sentence };
  }
  const held = say('settings.held', { when: atStart(moment(last.at, here), here), contents: contentsOf(last, here) });
  return { state: 'fine', title: say('settings.ok'), sentence: `${held} ${nextWords(backup, here)}`.trim() };
}

/** What the backup asked for on this page came to; undefined while none was. */
export function resultWords({ result }: BackupView, { say, language }: Here): string | undefined {
  if (result === undefined) return undefined;
  return result.unchanged
    ? say('settings.unchanged')
    : say('settings.sent', { size: size(result.sentBytes, { language }) });
}

/** Why the last backup did not work: the reasons' sentences, else the fault's own. */
export function faultWords(
  { reasons, message }: { reasons: BackupView['obstacles']; message: string },
  { language }: Here,
) {
  if (reasons.length === 0) return message;
  return reasons
    .map((each) => {
      const { reason, remedy } = wordsOf(each, language);
      return `${reason} ${remedy}`;
    })
    .join(' ');
}

/** "41 settings, 23 apps and your wallpaper". */
function contentsOf({ settingCount, appCount, kinds }: NonNullable<BackupView['last']>, { say }: Here): string {
  const parts = [
    say('count.settings', { n: settingCount }),
    say('count.apps', { n: appCount }),
    ...(kinds.includes('file') ? [say('settings.files')] : []),
    ...(kinds.includes('image') ? [say('settings.wallpaper')] : []),
  ];
  return say('settings.and', { first: parts.slice(0, -1).join(', '), last: parts.at(-1) ?? '' });
}

/** What waits has no day of its own; why it waits is said beside. */
function nextWords({ nextAt, last, waits = [] }: BackupView, here: Here): string {
  if (nextAt === undefined || waits.length > 0) return '';
  const date = day(nextAt, here.now, here);
  return here.say(last === undefined ? 'settings.first' : 'settings.next', { date });
}

function stepWords({ step, done, total }: NonNullable<BackupView['running']>, { say, language }: Here): string {
  const words = say(`settings.step.${step}`);
  if (done === undefined || total === undefined) return words;
  const inBytes = step === 'send';
  const shown = (count: number) => (inBytes ? size(count, { language }) : count);
  return say('settings.stepOf', { step: words, done: shown(done), total: shown(total) });
}

export function moment(at: string, here: Here): string {
  return when(at, here.now, here);
}
