/**
 * `carryover backup`: backs this device up now and says what came of it.
 *
 * What could not be taken along is named with its reason; nothing is silently left out (P4).
 */

import type { Language } from '@carryover/model/reasons';
import type { BackupStep } from '../capture/capture.ts';
import type { Agent } from './agent.ts';
import { type BackedUp, backUpNow } from './back-up-now.ts';
import { jsonOf, nextBackup } from './backup-result.ts';
import { notEnrolled } from './real-agent.ts';
import { isQuiet, line, type Progress, progressOn, reasonLines, sentenceLines, sizeWords } from './terminal.ts';
import { dayWords, momentWords } from './titles.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('backup', args);
  if ((await agent.state.read('enrollment')) === undefined) throw notEnrolled();
  const progress = progressOn(agent.out, isQuiet(agent.out, values.json));
  const startMs = agent.system.monotonicMs();
  const report = await backUpNow(agent, { onStep: (step) => show(step, progress, agent.out.language) });
  progress.end();
  const seconds = (agent.system.monotonicMs() - startMs) / 1000;
  const nextBy = await nextBackup(agent);
  if (values.json) agent.out.json(jsonOf(report, nextBy, seconds));
  else say(report, nextBy, agent);
}

function show(step: BackupStep, progress: Progress, language: Language): void {
  const words = TEXTS[language];
  switch (step.step) {
    case 'reading':
      progress.running(words.readSettings);
      break;
    case 'read':
      progress.line({ sign: 'done', label: words.readSettings, text: filled(words.found, step), tookMs: step.tookMs });
      progress.line({ sign: 'done', label: words.readApps, text: String(step.apps) });
      break;
    case 'compare':
      progress.line({ sign: 'done', label: words.compare, text: filled(words.changed, step) });
      progress.running(words.send);
      break;
    case 'send':
      progress.line({ sign: 'done', label: words.send, text: sizeWords(step.bytes, language), tookMs: step.tookMs });
      break;
  }
}

function say(report: BackedUp, nextBy: Temporal.Instant | undefined, { out, system }: Agent): void {
  const words = TEXTS[out.language];
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  const at = momentWords(Temporal.Instant.from(report.lastBackupAt), here);
  const { previousBackupAt = report.lastBackupAt } = report;
  const since = momentWords(Temporal.Instant.from(previousBackupAt), here);
  const next = nextBy === undefined ? '' : ` ${words.nextBy} ${dayWords(nextBy, here)}`;
  const lines = report.unchanged
    ? [line(out, { sign: 'done', label: words.nothingChanged.replace('{when}', since) })]
    : sentenceLines(out, {
        sign: 'done',
        label: words.backedUp,
        text: `${at}, ${filled(words.counts, report)}.${next}`,
      });
  for (const text of lines) out.line(text);
  for (const { itemId, reason } of report.failures)
    for (const text of reasonLines(out, reason, { label: itemId })) out.line(text);
  if (report.alarm !== undefined) out.note(`${out.signs.warning} ${filled(words.alarm, report.alarm)}`);
}

function filled(text: string, facts: object): string {
  const found = new Map<string, unknown>(Object.entries(facts));
  return text.replace(/\{(\w+)\}/g, (_, name: string) => String(found.get(name) ?? ''));
}

const TEXTS = {
  en: {
    readSettings: 'Read settings',
    readApps: 'Read apps',
    found: '{settings} set by you',
    compare: 'Compare',
    changed: '{changed} of {units} units changed',
    send: 'Send',
    backedUp: 'Backed up',
    counts: '{settingCount} settings, {appCount} apps',
    nextBy: 'Next by',
    nothingChanged: 'Nothing changed since {when}. Nothing was sent',
    alarm:
      'The service confirmed backup {acknowledgedSeq} before but shows only {shownSeq}. Your settings are backed up again; tell your IT.',
  },
  de: {
    readSettings: 'Einstellungen lesen',
    readApps: 'Apps lesen',
    found: '{settings} von Ihnen gesetzt',
    compare: 'Vergleichen',
    changed: '{changed} von {units} Teilen geändert',
    send: 'Senden',
    backedUp: 'Gesichert',
    counts: '{settingCount} Einstellungen, {appCount} Apps',
    nextBy: 'Nächste bis',
    nothingChanged: 'Nichts geändert seit {when}. Nichts wurde gesendet',
    alarm:
      'Der Dienst hat Sicherung {acknowledgedSeq} bestätigt, zeigt aber nur {shownSeq}. Ihre Einstellungen sind neu gesichert; sagen Sie es Ihrer IT.',
  },
} as const;
