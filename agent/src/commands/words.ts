/**
 * The words of the command line, as data: what each does, takes and may be told, with examples.
 *
 * Help is made from it (help.ts) and arguments are read by it, so that the two cannot disagree. It holds text only and
 * costs nothing to load: the scheduled run reads its arguments by the same table as everything else.
 */

import { parseArgs } from 'node:util';
import { KnownError } from '@carryover/model/errors';
import type { Language } from '@carryover/model/reasons';
import { nearest } from './nearest.ts';

export type Text = Readonly<Record<Language, string>>;

interface Option {
  readonly type: 'boolean' | 'string';
  readonly multiple?: true;
  /** What stands for the value in help, e.g. FILE. */
  readonly value?: string;
  readonly text: Text;
}

interface Word {
  readonly summary: Text;
  /** Names of what follows the word; those in brackets may be left out. */
  readonly takes: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  readonly examples: readonly string[];
}

const JSON_OPTION = {
  type: 'boolean',
  text: { en: 'One line of JSON instead of words.', de: 'Eine Zeile JSON statt Worten.' },
} as const satisfies Option;

const YES = {
  type: 'boolean',
  text: { en: 'Do it without asking.', de: 'Ohne Rückfrage ausführen.' },
} as const satisfies Option;

const CHOICE = {
  only: {
    type: 'string',
    multiple: true,
    value: 'PART',
    text: {
      en: 'Only this category or item; may be given again.',
      de: 'Nur diese Kategorie oder diesen Eintrag; mehrfach möglich.',
    },
  },
  skip: {
    type: 'string',
    multiple: true,
    value: 'PART',
    text: {
      en: 'Leave this category or item out; may be given again.',
      de: 'Diese Kategorie oder diesen Eintrag auslassen; mehrfach möglich.',
    },
  },
  at: {
    type: 'string',
    value: 'NUMBER',
    text: {
      en: 'The backup of this number instead of the newest good one.',
      de: 'Die Sicherung mit dieser Nummer statt der neuesten guten.',
    },
  },
} as const satisfies Record<string, Option>;

const NO_WINDOW = {
  type: 'boolean',
  text: { en: 'Only say which file opens the page.', de: 'Nur sagen, welche Datei die Seite öffnet.' },
} as const satisfies Option;

export const WORDS = {
  enroll: {
    summary: {
      en: 'Connect this PC to your organization and sign in.',
      de: 'Diesen PC mit Ihrer Organisation verbinden und anmelden.',
    },
    takes: ['LINK'],
    options: {
      'token-file': {
        type: 'string',
        value: 'FILE',
        text: { en: 'File with an enrollment token from IT.', de: 'Datei mit einem Registrierungstoken der IT.' },
      },
      ca: {
        type: 'string',
        value: 'FILE',
        text: {
          en: 'Certificate (PEM) of the authority to trust for this service.',
          de: 'Zertifikat (PEM) der Stelle, der für diesen Dienst zu vertrauen ist.',
        },
      },
      'no-schedule': {
        type: 'boolean',
        text: {
          en: 'Leave out what starts backups by themselves.',
          de: 'Weglassen, was Sicherungen von selbst startet.',
        },
      },
      json: JSON_OPTION,
    },
    examples: ['carryover enroll https://backup.example.org/enroll/0f8fad5b-d9cb-469f-a165-70867728950e'],
  },
  setup: {
    summary: {
      en: 'Choose what comes over to this new PC, in a window.',
      de: 'Wählen, was auf diesen neuen PC kommt, in einem Fenster.',
    },
    takes: ['[LINK]'],
    options: {
      again: {
        type: 'boolean',
        text: {
          en: 'Ask again and bring it over at once.',
          de: 'Noch einmal fragen und sofort übernehmen.',
        },
      },
      'no-window': NO_WINDOW,
      json: JSON_OPTION,
    },
    examples: [
      'carryover setup https://backup.example.org/enroll/0f8fad5b-d9cb-469f-a165-70867728950e',
      'carryover setup --again',
    ],
  },
  'first-desktop': {
    summary: {
      en: 'Bring over what was chosen in setup; what the desktop calls.',
      de: 'Übernehmen, was gewählt wurde; das ruft der Desktop auf.',
    },
    takes: [],
    options: {
      'no-window': {
        type: 'boolean',
        text: { en: 'Do it without a window.', de: 'Ohne Fenster ausführen.' },
      },
      json: JSON_OPTION,
    },
    examples: ['carryover first-desktop', 'carryover first-desktop --no-window --json'],
  },
  status: {
    summary: {
      en: 'Show what is backed up and what stands in the way.',
      de: 'Zeigen, was gesichert ist und was im Weg steht.',
    },
    takes: [],
    options: {
      explain: {
        type: 'boolean',
        text: {
          en: 'Every decision of your organization, who took it and why not the others.',
          de: 'Jede Entscheidung Ihrer Organisation, wer sie traf und warum nicht die anderen.',
        },
      },
      json: JSON_OPTION,
    },
    examples: ['carryover status', 'carryover status --explain', 'carryover status --json'],
  },
  remember: {
    summary: { en: 'Show or switch what is remembered.', de: 'Zeigen oder schalten, was gemerkt wird.' },
    takes: ['[CATEGORY]', '[on|off]'],
    options: { json: JSON_OPTION },
    examples: ['carryover remember', 'carryover remember personalization off'],
  },
  backup: {
    summary: { en: 'Back up now.', de: 'Jetzt sichern.' },
    takes: [],
    options: { json: JSON_OPTION },
    examples: ['carryover backup'],
  },
  'run-due': {
    summary: {
      en: 'Back up if it is time; what the schedule calls.',
      de: 'Sichern, wenn es Zeit ist; das ruft der Zeitplan auf.',
    },
    takes: [],
    options: { json: JSON_OPTION },
    examples: ['carryover run-due'],
  },
  schedule: {
    summary: { en: 'Install or remove the schedule.', de: 'Den Zeitplan einrichten oder entfernen.' },
    takes: ['install|remove'],
    options: {
      'for-everyone': {
        type: 'boolean',
        text: {
          en: 'Ask each person of this PC what comes over; as administrator.',
          de: 'Jede Person dieses PCs fragen, was übernommen wird; als Administrator.',
        },
      },
      json: JSON_OPTION,
    },
    examples: ['carryover schedule install', 'carryover schedule remove', 'carryover schedule install --for-everyone'],
  },
  profiles: {
    summary: {
      en: 'List the backups you can restore from.',
      de: 'Die Sicherungen zeigen, aus denen Sie wiederherstellen können.',
    },
    takes: ['[PROFILE]'],
    options: { json: JSON_OPTION },
    examples: ['carryover profiles'],
  },
  plan: {
    summary: {
      en: 'Show what a restore would change; changes nothing.',
      de: 'Zeigen, was eine Wiederherstellung ändern würde; ändert nichts.',
    },
    takes: ['[PROFILE]'],
    options: {
      ...CHOICE,
      all: { type: 'boolean', text: { en: 'Show every item.', de: 'Jeden Eintrag zeigen.' } },
      json: JSON_OPTION,
    },
    examples: ['carryover plan AUE-LT-0417', 'carryover plan AUE-LT-0417 --only personalization'],
  },
  restore: {
    summary: { en: 'Bring settings and apps over to this PC.', de: 'Einstellungen und Apps auf diesen PC holen.' },
    takes: ['[PROFILE]'],
    options: {
      ...CHOICE,
      'dry-run': {
        type: 'boolean',
        text: { en: 'Say what would be done and do nothing.', de: 'Sagen, was geschähe, und nichts tun.' },
      },
      yes: YES,
      json: JSON_OPTION,
    },
    examples: ['carryover restore AUE-LT-0417', 'carryover restore AUE-LT-0417 --only personalization --yes'],
  },
  undo: {
    summary: { en: 'Take the last restore back.', de: 'Die letzte Wiederherstellung zurücknehmen.' },
    takes: [],
    options: { yes: YES, json: JSON_OPTION },
    examples: ['carryover undo'],
  },
  history: {
    summary: {
      en: 'List the backups and restores of this PC.',
      de: 'Sicherungen und Wiederherstellungen dieses PCs zeigen.',
    },
    takes: [],
    options: { json: JSON_OPTION },
    examples: ['carryover history'],
  },
  settings: {
    summary: {
      en: 'Open the settings page: back up, and choose what is remembered.',
      de: 'Die Einstellungsseite öffnen: sichern und wählen, was gemerkt wird.',
    },
    takes: [],
    options: {
      'no-window': NO_WINDOW,
      json: JSON_OPTION,
    },
    examples: ['carryover settings'],
  },
  doctor: {
    summary: {
      en: 'Check everything a backup needs, one by one.',
      de: 'Alles prüfen, was eine Sicherung braucht, eins nach dem anderen.',
    },
    takes: [],
    options: { json: JSON_OPTION },
    examples: ['carryover doctor'],
  },
  'update-system': {
    summary: {
      en: 'Install system updates where this PC is too old.',
      de: 'Systemupdates installieren, wo dieser PC zu alt ist.',
    },
    takes: [],
    options: { yes: YES, json: JSON_OPTION },
    examples: ['carryover update-system'],
  },
  unenroll: {
    summary: {
      en: 'Disconnect this PC; what is stored stays.',
      de: 'Diesen PC trennen; was gespeichert ist, bleibt.',
    },
    takes: [],
    options: {
      yes: YES,
      force: {
        type: 'boolean',
        text: {
          en: 'Forget the service even if it cannot be told.',
          de: 'Den Dienst vergessen, auch wenn er nicht erreichbar ist.',
        },
      },
      json: JSON_OPTION,
    },
    examples: ['carryover unenroll'],
  },
  'apply-elevated': {
    summary: {
      en: 'Change what only an administrator may; a task calls it.',
      de: 'Ändern, was nur ein Administrator darf; eine Aufgabe ruft es auf.',
    },
    takes: [],
    options: { json: JSON_OPTION },
    examples: ['carryover apply-elevated'],
  },
} as const satisfies Record<string, Word>;

export type WordName = keyof typeof WORDS;

export function isWord(name: string): name is WordName {
  return Object.hasOwn(WORDS, name);
}

type Values<Options> = {
  -readonly [Name in keyof Options]?: Options[Name] extends { readonly type: 'boolean' }
    ? boolean
    : Options[Name] extends { readonly multiple: true }
      ? string[]
      : string;
};

/**
 * Reads what stood after a word.
 *
 * Errors: invalidRequest that names the option or argument at fault and the nearest right one.
 */
export function parsed<Name extends WordName>(
  name: Name,
  args: readonly string[],
): { values: Values<(typeof WORDS)[Name]['options']>; positionals: readonly string[] } {
  const word: Word = WORDS[name];
  const { values, positionals } = read(name, word, args);
  const needed = word.takes.filter((argument) => !argument.startsWith('['));
  const missing = needed[positionals.length];
  if (missing !== undefined) throw misused(name, `${missing} is missing.`);
  const extra = positionals[word.takes.length];
  if (extra !== undefined) throw misused(name, `"${extra}" is one word too many.`);
  return { values: values as Values<(typeof WORDS)[Name]['options']>, positionals };
}

function read(name: WordName, { options }: Word, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { ...options }, allowPositionals: true, strict: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const unknown = args.find(
      (arg) => arg.startsWith('-') && !Object.hasOwn(options, arg.slice(2).split('=')[0] ?? ''),
    );
    if (unknown === undefined) throw misused(name, `${error.message.split('\n')[0]}.`);
    const close = nearest(unknown.replace(/^-+/, ''), Object.keys(options));
    throw misused(name, `There is no option "${unknown}".${close === undefined ? '' : ` Did you mean --${close}?`}`);
  }
}

/** The error of a command line that cannot be understood. */
export function misused(name: WordName, sentence: string): KnownError {
  return new KnownError('invalidRequest', `${sentence} See: carryover ${name} --help`, { inner: 'usage' });
}
