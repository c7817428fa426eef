/**
 * `carryover status --explain` in lines: for every decision what holds, who took it, and why not what others say. Pure.
 */

import type { EffectivePolicy, Origin } from '@carryover/model/policy';
import { type Explained, explain, type Overruled } from '@carryover/model/policy-explain';
import { becauseWords, memberTitle, originWords, valueWords } from '@carryover/model/policy-words';
import type { Language } from '@carryover/model/reasons';
import { type Look, sentenceLines } from './terminal.ts';

/** An explanation, or what is left of it without the service: what holds and which document decided. */
export interface Shown {
  readonly explanations: readonly ShownExplanation[];
  readonly unknown: Explained['unknown'];
  readonly blockers: Explained['blockers'];
}

interface ShownExplanation {
  readonly member: string;
  readonly value: unknown;
  readonly decidedBy?: { readonly policy?: string; readonly origin: Origin };
  /** Absent when only the service could tell. */
  readonly others?: readonly Overruled[];
}

/** What a policy tells of itself. */
export function shownFrom(policy: EffectivePolicy): Shown {
  return {
    explanations: explain([]).explanations.map(({ member }) => {
      const origin = policy.origins[member];
      return { member, value: valueIn(policy, member), ...(origin === undefined ? {} : { decidedBy: { origin } }) };
    }),
    unknown: [],
    blockers: policy.blockers,
  };
}

function valueIn(policy: EffectivePolicy, member: string): unknown {
  const [group, category] = member.split('.');
  const categories: Readonly<Record<string, unknown>> = policy.categories;
  return category === undefined ? policy[group as keyof EffectivePolicy] : categories[category];
}

const LABEL_COLUMNS = 31;

export function explainLines(look: Look, { explanations, unknown, blockers }: Shown): string[] {
  const { language } = look;
  const words = TEXTS[language];
  const row = (label: string, text: string, sign?: 'warning' | 'failed') =>
    sentenceLines(look, { label, text, labelColumns: LABEL_COLUMNS, ...(sign === undefined ? {} : { sign }) });
  return [
    ...explanations.flatMap((explanation) => {
      const { member, decidedBy, others = [] } = explanation;
      const value = valueWords(member, explanation.value, language);
      return [
        ...row(memberTitle(member, language), decidedBy === undefined ? `${value} ${words.byDefault}` : value),
        ...(decidedBy === undefined ? [] : row('', whoWords(decidedBy, language))),
        ...others.flatMap((other) => row('', otherWords(member, other, language))),
      ];
    }),
    ...blockers.flatMap((blocker) => row(words.blocks, whoWords(blocker, language), 'failed')),
    ...unknown.flatMap(({ name, origin }) =>
      row(words.unknown, whoWords({ policy: name, origin }, language), 'warning'),
    ),
  ];
}

/** `EnableWindowsBackup in "Town hall" (policy file)`. */
function whoWords(
  { policy, origin }: { readonly policy?: string; readonly origin: Origin },
  language: Language,
): string {
  const document = originWords(origin, language);
  return policy === undefined ? document : `${policy} ${TEXTS[language].in} ${document}`;
}

/** `not On: EnableWindowsBackup in "All staff" (service), another one is stricter`. */
function otherWords(member: string, other: Overruled, language: Language): string {
  const { value, because } = other;
  const words = TEXTS[language];
  const said = `${because === 'same' ? words.also : words.not} ${valueWords(member, value, language)}`;
  return `${said}: ${whoWords(other, language)}, ${becauseWords(because, language)}`;
}

const TEXTS = {
  en: { byDefault: '(default)', in: 'in', not: 'not', also: 'also', blocks: 'Blocks backup', unknown: 'Not known' },
  de: {
    byDefault: '(Vorgabe)',
    in: 'in',
    not: 'nicht',
    also: 'auch',
    blocks: 'Verhindert die Sicherung',
    unknown: 'Nicht bekannt',
  },
} as const;
