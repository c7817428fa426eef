/** carryover.adml: the words of carryover.admx in one language, and how the editor shows what is entered. */

import { DEFAULTS, type DecidedMember } from '../../model/src/policy.ts';
import {
  POLICIES,
  POLICY_CATEGORIES,
  POLICY_CATEGORY_TITLES,
  type PolicyDefinition,
  type PolicyKind,
} from '../../model/src/policy-definitions.ts';
import type { Language } from '../../model/src/reasons.ts';
import { categoryName, ELEMENT_IDS, ROOT_CATEGORY, SUPPORTED } from './admx.ts';
import { escaped, SCHEMA } from './xml.ts';

export function admlFile(language: Language): string {
  const strings = stringsIn(language).map(([id, text]) => `      <string id="${id}">${escaped(text)}</string>`);
  const presentations = POLICIES.flatMap((definition) => presentationOf(definition, language));
  const words = WORDS[language];
  return `<?xml version="1.0" encoding="utf-8"?>
<policyDefinitionResources ${SCHEMA} revision="1.0" schemaVersion="1.0">
  <displayName>Carryover</displayName>
  <description>${escaped(words.description)}</description>
  <resources>
    <stringTable>
${strings.join('\n')}
    </stringTable>
    <presentationTable>
${presentations.join('\n')}
    </presentationTable>
  </resources>
</policyDefinitionResources>
`;
}

function stringsIn(language: Language): readonly (readonly [id: string, text: string])[] {
  return [
    [ROOT_CATEGORY, 'Carryover'],
    [SUPPORTED, WORDS[language].supported],
    ...POLICY_CATEGORIES.map((category) => {
      const title =
        category === 'carryover' ? WORDS[language].ownCategory : POLICY_CATEGORY_TITLES[category].title[language];
      return [categoryName(category), title] as const;
    }),
    ...POLICIES.flatMap((definition): readonly (readonly [string, string])[] => [
      [definition.name, definition.title[language]],
      [`${definition.name}_Explain`, explanationOf(definition, language)],
    ]),
  ];
}

/** What it does, what each state means, and what is written where. */
function explanationOf(definition: PolicyDefinition, language: Language): string {
  const { explanation, kind, range, registry, name } = definition;
  const { states, place, unit } = WORDS[language];
  const said = states[kind]
    .replace('{from}', String(range?.from))
    .replace('{to}', String(range?.to))
    .replace('{unit}', range === undefined ? '' : unit[range.unit]);
  return [explanation[language], said, `${place} HKLM\\${registry.key}\\${registry.value ?? name}`].join('\n\n');
}

function presentationOf({ name, kind, ...definition }: PolicyDefinition, language: Language): string[] {
  const shown = SHOWN[kind]?.(definition, WORDS[language]);
  if (shown === undefined) return [];
  return [`      <presentation id="${name}">`, `        ${shown}`, '      </presentation>'];
}

type Shown = (definition: Pick<PolicyDefinition, 'range' | 'decides'>, words: Words) => string;

/** How what is entered is shown; a switch needs nothing beside its state. */
const SHOWN: Readonly<Partial<Record<PolicyKind, Shown>>> = {
  limit: (_, { mayTurnOn }) => `<checkBox refId="${ELEMENT_IDS.limit}">${escaped(mayTurnOn)}</checkBox>`,
  number({ range, decides }, { entered }) {
    const { from = 0, unit = 'days' } = range ?? {};
    const [member] = Object.keys(decides(from)) as DecidedMember[];
    const fallback = member === undefined ? from : DEFAULTS[member];
    return `<decimalTextBox refId="${ELEMENT_IDS.number}" defaultValue="${fallback}">${escaped(entered[unit])}</decimalTextBox>`;
  },
  /** A field of several lines has no label of its own. */
  list: (_, { addresses }) =>
    `<text>${escaped(addresses)}</text>\n        <multiTextBox refId="${ELEMENT_IDS.list}" />`,
};

type Unit = NonNullable<PolicyDefinition['range']>['unit'];

interface Words {
  readonly description: string;
  readonly supported: string;
  readonly ownCategory: string;
  readonly states: Readonly<Record<PolicyKind, string>>;
  /** Before the place in the registry. */
  readonly place: string;
  readonly mayTurnOn: string;
  readonly addresses: string;
  readonly unit: Readonly<Record<Unit, string>>;
  /** Before the field a number is entered in. */
  readonly entered: Readonly<Record<Unit, string>>;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    description: 'Policies of Carryover: backing up and restoring settings and apps on servers of your own.',
    supported: 'Windows 10 22H2 or later with Carryover',
    ownCategory: "Carryover's own policies",
    states: {
      switch: 'Enabled: yes. Disabled: no. Not configured: another place decides, or the default holds.',
      limit:
        'Enabled: off; with the box ticked people may turn it on, with the box clear they may not. Disabled: on. ' +
        'Not configured: another place decides, or it is on.',
      number:
        'Enabled: {from} to {to} {unit}. Disabled or not configured: another place decides, or the default holds.',
      list:
        'Enabled: these addresses, one a line, each beginning with https:// or file:///. Disabled or not configured: ' +
        'another place decides, or there are none.',
    },
    place: 'Registry:',
    mayTurnOn: 'Allow users to turn it on',
    addresses: 'Addresses, one a line',
    unit: { days: 'days', hours: 'hours', snapshots: 'points in time' },
    entered: { days: 'Days:', hours: 'Hours:', snapshots: 'Points in time:' },
  },
  de: {
    description: 'Richtlinien von Carryover: Einstellungen und Apps auf eigenen Servern sichern und wiederherstellen.',
    supported: 'Ab Windows 10 22H2 mit Carryover',
    ownCategory: 'Eigene Richtlinien von Carryover',
    states: {
      switch:
        'Aktiviert: ja. Deaktiviert: nein. Nicht konfiguriert: Eine andere Stelle entscheidet, oder der Standard gilt.',
      limit:
        'Aktiviert: aus; mit Häkchen darf man es einschalten, ohne nicht. Deaktiviert: ein. ' +
        'Nicht konfiguriert: Eine andere Stelle entscheidet, oder es ist ein.',
      number:
        'Aktiviert: {from} bis {to} {unit}. Deaktiviert oder nicht konfiguriert: Eine andere Stelle entscheidet, oder ' +
        'der Standard gilt.',
      list:
        'Aktiviert: diese Adressen, eine je Zeile, jede mit https:// oder file:/// am Anfang. Deaktiviert oder nicht ' +
        'konfiguriert: Eine andere Stelle entscheidet, oder es gibt keine.',
    },
    place: 'Registrierung:',
    mayTurnOn: 'Benutzern das Einschalten erlauben',
    addresses: 'Adressen, eine je Zeile',
    unit: { days: 'Tage', hours: 'Stunden', snapshots: 'Zeitpunkte' },
    entered: { days: 'Tage:', hours: 'Stunden:', snapshots: 'Zeitpunkte:' },
  },
};
