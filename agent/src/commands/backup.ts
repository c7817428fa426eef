/**
 * `carryover backup`: backs this device up now and says what came of it.
 *
 * What could not be taken along is named with its reason; nothing is silently left out (P4).
 */

import { wordsOf } from '@carryover/model/reasons';
import { type BackupReport, type BackupStep, backup } from '../capture/capture.ts';
import type { Agent, Out } from './agent.ts';
import { captureParts, rememberBackup } from './capture-parts.ts';
import { notEnrolled } from './real-agent.ts';
import { resendPendingReports } from './restore-parts.ts';
import { type Progress, progressOn, reasonLines, share, sizeWords } from './terminal.ts';
import { dayWords, momentWords } from './titles.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('backup', args);
  if ((await agent.state.read('enrollment')) === undefined) throw notEnrolled();
  const progress = progressOn(agent.out, values.json);
  const startMs = agent.system.monotonicMs();
  const report = await agent.state.exclusively(async () => {
    const last = (await agent.state.read('acknowledged'))?.lastBackupAt;
    const input = await captureParts(agent, { onStep: (step) => show(step, progress, agent.out) });
    const made = await backup(input);
    await rememberBackup(agent, made);
    await resendPendingReports(agent.system, input.client);
    return { ...made, last };
  });
  progress.end();
  const seconds = (agent.system.monotonicMs() - startMs) / 1000;
  const nextBy = await nextBackup(agent, report);
  if (values.json) agent.out.json(jsonOf(report, nextBy, seconds));
  else say(report, nextBy, agent);
}

/** When the schedule backs up again; undefined before the policy is known. */
export async function nextBackup({ state }: Agent, report: BackupReport): Promise<Temporal.Instant | undefined> {
  const days = (await state.read('service'))?.checkIn.policy.backupIntervalDays;
  return days === undefined ? undefined : Temporal.Instant.from(report.lastBackupAt).add({ hours: days * 24 });
}

/** What programs get; `failures` carry the sentence and the remedy beside the code. */
export function jsonOf(report: BackupReport, nextBy: Temporal.Instant | undefined, seconds: number) {
  const { failures, settingCount, appCount, ...rest } = report;
  return {
    ...rest,
    settings: settingCount,
    apps: appCount,
    nextBackupAt: nextBy?.toString() ?? null,
    failures: failures.map(({ itemId, reason }) => ({ itemId, code: reason.code, ...wordsOf(reason) })),
    seconds: { total: seconds, capture: report.captureMs / 1000, upload: report.uploadMs / 1000 },
  };
}

function show(step: BackupStep, progress: Progress, out: Out): void {
  const { language } = out;
  const words = TEXTS[language];
  const ended = (label: string, text: string) => progress.line({ sign: 'done', label, text });
  switch (step.step) {
    case 'reading':
      progress.running(words.readSettings);
      break;
    case 'read':
      ended(words.readSettings, words.found.replace('{count}', String(step.settings)));
      ended(words.readApps, String(step.apps));
      break;
    case 'compare': {
      const changed = `${share(step.changed, step.units, language)} ${words.changed}`;
      ended(words.compare, changed);
      progress.running(words.send);
      break;
    }
    case 'send':
      ended(words.send, sizeWords(step.bytes, language));
  }
}

function say(
  report: BackupReport & { readonly last: string | undefined },
  nextBy: Temporal.Instant | undefined,
  agent: Agent,
): void {
  const { out, system } = agent;
  const words = TEXTS[out.language];
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  const at = momentWords(Temporal.Instant.from(report.lastBackupAt), here);
  if (report.unchanged) {
    const since = report.last === undefined ? at : momentWords(Temporal.Instant.from(report.last), here);
    out.line(`${out.signs.done} ${words.nothingChanged.replace('{when}', since)}`);
  } else {
    const next = nextBy === undefined ? '' : ` ${words.nextBy} ${dayWords(nextBy, here)}`;
    const counts = words.counts
      .replace('{settings}', String(report.settingCount))
      .replace('{apps}', String(report.appCount));
    out.line(`${out.signs.done} ${words.backedUp} ${at}   ${counts}.${next}`);
  }
  for (const { itemId, reason } of report.failures)
    for (const text of reasonLines(out, reason, { label: itemId })) out.line(text);
  if (report.alarm === undefined) return;
  const { acknowledgedSeq, shownSeq } = report.alarm;
  out.note(
    `${out.signs.warning} ${words.alarm.replace('{had}', String(acknowledgedSeq)).replace('{shows}', String(shownSeq))}`,
  );
}

const TEXTS = {
  en: {
    readSettings: 'Read settings',
    readApps: 'Read apps',
    found: '{count} set by you',
    compare: 'Compare',
    changed: 'units changed',
    send: 'Send',
    backedUp: 'Backed up',
    counts: '{settings} settings, {apps} apps',
    nextBy: 'Next by',
    nothingChanged: 'Nothing changed since {when}. Nothing was sent',
    alarm:
      'The service confirmed backup {had} before but shows only {shows}. Your settings are backed up again; tell your IT.',
  },
  de: {
    readSettings: 'Einstellungen gelesen',
    readApps: 'Apps gelesen',
    found: '{count} von Ihnen gesetzt',
    compare: 'Verglichen',
    changed: 'Teilen geändert',
    send: 'Gesendet',
    backedUp: 'Gesichert',
    counts: '{settings} Einstellungen, {apps} Apps',
    nextBy: 'Nächste bis',
    nothingChanged: 'Nichts geändert seit {when}. Nichts wurde gesendet',
    alarm:
      'Der Dienst hat Sicherung {had} bestätigt, zeigt aber nur {shows}. Ihre Einstellungen sind neu gesichert; sagen Sie es Ihrer IT.',
  },
} as const;
