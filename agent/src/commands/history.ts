/** `carryover history`: what was backed up, restored and taken back on this PC, newest first. */

import { type HistoryEntry, readHistory } from '../history/history.ts';
import type { Agent, Out } from './agent.ts';
import { type TableRow, table } from './terminal.ts';
import { momentWords } from './titles.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('history', args);
  const { out, system } = agent;
  const entries = (await readHistory(system)).toReversed();
  if (values.json) return out.json({ entries });
  if (entries.length === 0) return out.line(TEXTS[out.language].nothing);
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  const rows = entries.map(
    (entry): TableRow => ({
      sign: signOf(entry),
      cells: [momentWords(Temporal.Instant.from(entry.at), here), wordsOfEntry(entry, out.language)],
    }),
  );
  for (const text of table(out, { rows, indent: 0 })) out.line(text);
}

function signOf(entry: HistoryEntry): 'done' | 'warning' | 'failed' | 'same' {
  if (entry.what === 'backupFailed') return 'failed';
  if (entry.what === 'backup') return entry.alarm !== undefined ? 'warning' : entry.unchanged ? 'same' : 'done';
  return entry.what === 'restore' && entry.notDone > 0 ? 'warning' : 'done';
}

function wordsOfEntry(entry: HistoryEntry, language: Out['language']): string {
  const words = TEXTS[language];
  const filled = (text: string, facts: object) =>
    text.replace(/\{(\w+)\}/g, (_, name: string) =>
      String(Object.entries(facts).find(([fact]) => fact === name)?.[1] ?? ''),
    );
  switch (entry.what) {
    case 'backup': {
      const alarm = entry.alarm === undefined ? '' : ` ${filled(words.alarm, entry.alarm)}`;
      return filled(entry.unchanged ? words.unchanged : words.backup, entry) + alarm;
    }
    case 'backupFailed':
      return filled(words.failed, { message: entry.message.split('\n', 1)[0] ?? '' });
    case 'restore':
      return filled(words.restore, entry);
    case 'undo':
      return filled(words.undo, entry);
    case 'setUpAsNew':
      return words.setUpAsNew;
  }
}

const TEXTS = {
  en: {
    nothing: 'Nothing yet.',
    backup: 'Backup {seq}: {settings} settings, {apps} apps',
    unchanged: 'Nothing changed since backup {seq}',
    alarm: '(the service showed {shownSeq} after confirming {acknowledgedSeq})',
    failed: 'Backup failed: {message}',
    restore: 'Restored from {from}, backup {seq}: {done} items, {notDone} not',
    undo: 'Restore taken back: {back} items, {kept} kept',
    setUpAsNew: 'Set up as a new PC',
  },
  de: {
    nothing: 'Noch nichts.',
    backup: 'Sicherung {seq}: {settings} Einstellungen, {apps} Apps',
    unchanged: 'Nichts geändert seit Sicherung {seq}',
    alarm: '(der Dienst zeigte {shownSeq} nach Bestätigung von {acknowledgedSeq})',
    failed: 'Sicherung fehlgeschlagen: {message}',
    restore: 'Wiederhergestellt von {from}, Sicherung {seq}: {done} Einträge, {notDone} nicht',
    undo: 'Wiederherstellung zurückgenommen: {back} Einträge, {kept} geblieben',
    setUpAsNew: 'Als neuen PC eingerichtet',
  },
} as const;
