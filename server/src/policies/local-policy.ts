/**
 * What administrators wrote on a device itself, as the device tells it: put into an order of its own, bounded, and read
 * with the same rules as the service's own documents.
 *
 * A device can say what it likes, so it can decide only what the service leaves open: the stricter word wins. A value
 * that a known policy does not have is dropped (the device tells it to its own administrator); a name that is not known
 * is kept, for whoever asks why it does nothing.
 */

import { KnownError } from '@carryover/model/errors';
import type { PolicySource } from '@carryover/model/policy';
import { type PolicyValue, policyByName, wrongValue } from '@carryover/model/policy-definitions';
import type { Candidate } from '@carryover/model/policy-explain';
import type { PolicyDocument } from '@carryover/model/policy-merge';
import { Type } from 'typebox';

const LOCAL_SOURCES = ['groupPolicy', 'policyFile', 'dconf'] as const satisfies PolicySource[];
/** A folder of many small files, and one registry; see the agent's own bounds. */
const MAX_DOCUMENTS = 120;
const MAX_CHARACTERS = 64 * 1024;

export const LocalPolicy = Type.Array(
  Type.Object({
    source: Type.Enum([...LOCAL_SOURCES]),
    name: Type.String({ minLength: 1, maxLength: 500 }),
    settings: Type.Array(
      Type.Object({
        policy: Type.String({ minLength: 1, maxLength: 200 }),
        value: Type.Union([
          Type.Boolean(),
          Type.Number(),
          Type.String({ maxLength: 500 }),
          Type.Array(Type.String({ maxLength: 500 }), { maxItems: 100 }),
        ]),
      }),
      { maxItems: 200 },
    ),
  }),
  { maxItems: MAX_DOCUMENTS },
);

/** What a device tells: the shape is checked, what it says is not yet. */
export type ToldPolicy = readonly {
  readonly source: PolicySource;
  readonly name: string;
  readonly settings: readonly { readonly policy: string; readonly value: unknown }[];
}[];

/**
 * As it is kept with the device; empty when there is nothing. The same documents make the same text.
 *
 * Errors: invalidRequest (inner localPolicy) when it is too much to keep.
 */
export function localPolicyText(given: ToldPolicy | undefined): string {
  const documents = (given ?? []).map(({ source, name, settings }) => ({
    source,
    name,
    settings: settings.filter(({ policy, value }) => {
      const definition = policyByName(policy);
      return definition === undefined || wrongValue(definition, value) === undefined;
    }),
  }));
  if (documents.length === 0) return '';
  const text = JSON.stringify(documents);
  if (text.length <= MAX_CHARACTERS) return text;
  throw new KnownError(
    'invalidRequest',
    `The policies on this PC have ${text.length} characters together; ${MAX_CHARACTERS} are allowed. Put less into its policy files.`,
    { inner: 'localPolicy', details: { limit: MAX_CHARACTERS } },
  );
}

/** From localPolicyText. */
export function localPolicyFrom(text: string): readonly PolicyDocument[] {
  return text === '' ? [] : (JSON.parse(text) as { source: PolicySource; name: string; settings: Setting[] }[]);
}
interface Setting {
  readonly policy: string;
  readonly value: PolicyValue;
}

/** A document of the device itself is meant for it. */
export function candidateOf(document: PolicyDocument): Candidate {
  const unknown = document.settings.map(({ policy }) => policy).filter((name) => policyByName(name) === undefined);
  return { document, reach: { reached: true, kind: 'everybody' }, unknown };
}
