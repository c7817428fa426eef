/**
 * `carryover update-system`: installs the system's quality updates on a PC that is too old to back up or restore.
 *
 * Only where the organization turned on "Install quality updates", and only for what they can mend. Nothing is restarted;
 * on Windows its own updater is opened, which asks and installs. What the PC is then is seen at its next check-in, since every run reads it anew.
 */

import { wordsOf } from '@carryover/model/reasons';
import { whatIsTooOld } from '../updates/too-old.ts';
import { type Installed, systemUpdater } from '../updates/updates.ts';
import type { Agent } from './agent.ts';
import { confirmed } from './confirm.ts';
import { parsed } from './words.ts';

/** Errors: notAllowed with the reason when the organization does not offer it; those of updates.ts. */
export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('update-system', args);
  const { out, system } = agent;
  const words = TEXTS[out.language];
  const tooOld = await whatIsTooOld(agent);
  if (tooOld === undefined) return ended({ installed: false, restartNeeded: false }, words.notNeeded);
  const updater = systemUpdater(system);
  if (updater.opens) return ended(await updater.install(), words.opened);
  out.note(`${out.signs.running} ${words.looking}`);
  if (!(await updater.check())) return ended({ installed: false, restartNeeded: false }, words.none);
  if (values.yes !== true) {
    out.line(wordsOf(tooOld, out.language).reason);
    out.line(words.question);
    if (!(await confirmed(out))) return out.line(words.leftAlone);
  }
  out.note(`${out.signs.running} ${words.installing}`);
  const result = await updater.install();
  ended(result, result.restartNeeded ? words.restart : words.installed);

  function ended(result: Installed, sentence: string): void {
    if (values.json) out.json(result);
    else out.line(`${out.signs.done} ${sentence}`);
  }
}

const TEXTS = {
  en: {
    notNeeded: 'This PC is new enough. Nothing to do.',
    looking: 'Looking for quality updates',
    none: 'No quality updates wait. If this PC is still too old, it needs a newer release of its system.',
    question: 'Quality updates wait. They are installed now; nothing is restarted.',
    leftAlone: 'Nothing was installed.',
    installing: 'Installing. This can take a while',
    installed: 'Quality updates are installed. Check again: carryover doctor',
    opened:
      'Windows Update is open. Install there what it finds, restart when it says so, then check again: carryover doctor',
    restart: 'Quality updates are installed. Restart this PC, then check again: carryover doctor',
  },
  de: {
    notNeeded: 'Dieser PC ist neu genug. Nichts zu tun.',
    looking: 'Qualitätsupdates werden gesucht',
    none: 'Es liegen keine Qualitätsupdates vor. Ist dieser PC noch zu alt, braucht er eine neuere Ausgabe seines Systems.',
    question: 'Qualitätsupdates liegen vor. Sie werden jetzt installiert; neu gestartet wird nicht.',
    leftAlone: 'Es wurde nichts installiert.',
    installing: 'Wird installiert. Das kann dauern',
    installed: 'Die Qualitätsupdates sind installiert. Erneut prüfen: carryover doctor',
    opened:
      'Windows Update ist offen. Installieren Sie dort, was es findet, starten Sie neu, wenn es das sagt, und prüfen Sie erneut: carryover doctor',
    restart: 'Die Qualitätsupdates sind installiert. Starten Sie den PC neu und prüfen Sie erneut: carryover doctor',
  },
} as const;
