/**
 * How the catalog of words is made and spoken: sentences by name, with {placeholders} and with a form for one and for many.
 *
 * The English sentences are the type: every other language must have the same names, and a page cannot leave out what a
 * sentence needs. Numbers are written as the language writes them.
 *
 * Pure. Source: Unicode plural rules by Intl.PluralRules; its {n} decides which form is taken.
 */

import type { Language } from '@carryover/model/reasons';

/** Forms of one sentence; `{n}` in the values decides. English and German need no others. */
interface Forms {
  readonly one: string;
  readonly other: string;
}

export type Sentence = string | Forms;
export type Section = Readonly<Record<string, Sentence>>;

/** What a translation of `S` must have: the same names, forms where the original has forms. */
export type TranslationOf<S extends Section> = { readonly [Name in keyof S]: S[Name] extends string ? string : Forms };

type Placeholder<Text> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Placeholder<Rest> : never;
type PlaceholderOf<S> = S extends Forms ? 'n' | Placeholder<S['one' | 'other']> : Placeholder<S>;

/** Nothing when the sentence has no placeholder. A function, so that the values of a call are checked by name. */
type ValuesOf<S> = [PlaceholderOf<S>] extends [never]
  ? []
  : [values: { readonly [Name in PlaceholderOf<S>]: Name extends 'n' ? number : string | number }];

/** Says a sentence of the catalog by its name. */
export type Say<S extends Section> = <Name extends keyof S & string>(
  name: Name,
  ...values: ValuesOf<S[Name]>
) => string;

/** Speaks `sentences`, which are in `language`. Errors: none; a placeholder without value shows as an ellipsis. */
export function sayIn<S extends Section>(language: Language, sentences: TranslationOf<S>): Say<S> {
  const plural = new Intl.PluralRules(language);
  const number = new Intl.NumberFormat(language);
  return (name, ...[values]) => {
    const sentence: Sentence = sentences[name];
    const given: Readonly<Record<string, string | number>> = values ?? {};
    return textOf(sentence, plural, given).replace(/\{(\w+)\}/g, (_, placeholder: string) => {
      const value = given[placeholder];
      return typeof value === 'number' ? number.format(value) : (value ?? '…');
    });
  };
}

function textOf(
  sentence: Sentence,
  plural: Intl.PluralRules,
  given: Readonly<Record<string, string | number>>,
): string {
  if (typeof sentence === 'string') return sentence;
  return plural.select(Number(given['n'])) === 'one' ? sentence.one : sentence.other;
}
