/** Help, made from the table of words. Pure. */

import type { Language } from '@carryover/model/reasons';
import { type Text, WORDS, type WordName } from './words.ts';

const TEXTS = {
  usage: { en: 'Usage', de: 'Aufruf' },
  commands: { en: 'Commands', de: 'Befehle' },
  options: { en: 'Options', de: 'Optionen' },
  examples: { en: 'Examples', de: 'Beispiele' },
  about: {
    en: 'Your settings and apps on your next PC, from servers your organization owns.',
    de: 'Ihre Einstellungen und Apps auf dem nächsten PC, von Servern Ihrer Organisation.',
  },
  more: { en: 'More about one: carryover COMMAND --help', de: 'Mehr zu einem: carryover BEFEHL --help' },
  help: { en: 'This help.', de: 'Diese Hilfe.' },
} as const satisfies Record<string, Text>;

/** What `carryover --help` prints. */
export function helpOfAll(language: Language): string {
  const commands = Object.entries(WORDS).map(([name, { takes, summary }]): [string, string] => [
    [name, ...takes].join(' '),
    summary[language],
  ]);
  return [
    TEXTS.about[language],
    '',
    `${TEXTS.usage[language]}: carryover COMMAND [--json]`,
    '',
    `${TEXTS.commands[language]}:`,
    ...columns(commands),
    '',
    TEXTS.more[language],
  ].join('\n');
}

/** What `carryover WORD --help` prints. */
export function helpOf(name: WordName, language: Language): string {
  const { summary, takes, options, examples } = WORDS[name];
  const rows = Object.entries(options).map(([option, { text, ...rest }]): [string, string] => [
    'value' in rest ? `--${option} ${rest.value}` : `--${option}`,
    text[language],
  ]);
  return [
    summary[language],
    '',
    `${TEXTS.usage[language]}: ${['carryover', name, ...takes].join(' ')}`,
    '',
    `${TEXTS.options[language]}:`,
    ...columns([...rows, ['--help', TEXTS.help[language]]]),
    '',
    `${TEXTS.examples[language]}:`,
    ...examples.map((example) => `  ${example}`),
  ].join('\n');
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
