/**
 * `carryover undo`: takes the last restore back. What the person changed since stays, and is named. Apps stay installed.
 */

import { KnownError } from '@carryover/model/errors';
import { undoPreview } from '../restore/restore.ts';
import { takeBackAndRemember } from '../restore/take-back.ts';
import type { Agent } from './agent.ts';
import { confirmed } from './confirm.ts';
import { partsOffline } from './restore-parts.ts';
import { plain } from './terminal.ts';
import { momentWords } from './titles.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('undo', args);
  const { out, system } = agent;
  const words = TEXTS[out.language];
  await agent.state.exclusively(async () => {
    const input = await partsOffline(agent);
    const { journal, back, kept, apps } = await undoPreview(input);
    if (values.yes !== true) {
      const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
      const when = momentWords(Temporal.Instant.from(journal.restore.startedAt), here);
      out.line(words.question.replace('{when}', when).replace('{count}', String(back)));
      if (apps > 0) out.line(words.appsStay.replace('{count}', String(apps)));
      if (kept.length > 0) out.line(plain(out, keptWords(kept, out.language)));
      if (!(await confirmed(out))) return out.line(words.leftAlone);
    }
    const result = await takeBackAndRemember(input, journal);
    if (values.json) out.json({ ...result, appsStay: apps, from: journal.restore.plan.deviceName });
    else {
      out.line(
        `${out.signs.done} ${words.done.replace('{count}', String(result.back)).replace('{kept}', String(result.kept.length))}`,
      );
      if (result.kept.length > 0) out.line(plain(out, `  ${keptWords(result.kept, out.language)}`));
      if (!result.reported && result.failed.length === 0) out.line(`${out.signs.warning} ${words.notReported}`);
      out.line(`  ${words.mistake} carryover restore ${journal.restore.plan.deviceName}`);
    }
    if (result.failed.length > 0)
      throw new KnownError('partlyDone', words.failed.replace('{items}', result.failed.join(', ')), {
        details: { items: result.failed },
      });
  });
}

function keptWords(kept: readonly string[], language: Agent['out']['language']): string {
  return TEXTS[language].kept.replace('{count}', String(kept.length)).replace('{items}', kept.join(', '));
}

const TEXTS = {
  en: {
    question: 'Undo the restore of {when}? {count} settings go back to what they were.',
    appsStay: '{count} apps stay installed.',
    kept: '{count} changed by you since stay: {items}.',
    leftAlone: 'Nothing was changed.',
    done: '{count} settings are back, {kept} kept. Your backups are unchanged',
    mistake: 'Undone by mistake?',
    notReported: 'The service does not know yet; the report goes with the next run.',
    failed: 'Could not be brought back: {items}. Run it again: carryover undo',
  },
  de: {
    question: 'Wiederherstellung von {when} rückgängig machen? {count} Einstellungen werden wieder, was sie waren.',
    appsStay: '{count} Apps bleiben installiert.',
    kept: '{count} haben Sie seitdem geändert; sie bleiben: {items}.',
    leftAlone: 'Nichts wurde geändert.',
    done: '{count} Einstellungen sind zurück, {kept} geblieben. Ihre Sicherungen sind unverändert',
    mistake: 'Versehentlich?',
    notReported: 'Der Dienst weiß es noch nicht; der Bericht folgt beim nächsten Lauf.',
    failed: 'Ließ sich nicht zurücknehmen: {items}. Noch einmal: carryover undo',
  },
} as const;
