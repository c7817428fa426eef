/** On what a policy disagrees with others that reach the same devices, in the words of the model, with the way to each. */

import type { PreviewConflict } from '@carryover/model/policy-preview';
import { memberTitle, originWords, valueWords } from '@carryover/model/policy-words';
import { makeStyles } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { StateText } from '../../shared/state-text.tsx';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-policies.ts';
import { useLanguage } from '../../shared/words/language.tsx';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', rowGap: tokens.spacingVerticalS },
  small: { display: 'block', fontSize: tokens.fontSizeBase200 },
});

export interface PolicyConflictsProps {
  readonly policy: { readonly id: string };
  /** Of the organization; those of other policies are passed over. */
  readonly conflicts: readonly PreviewConflict[];
  /** A link to a policy of the service where there is one, saying `words`. */
  readonly linkTo: (policyId: string, words: string) => ReactNode;
}

export function PolicyConflicts({ policy, conflicts, linkTo }: PolicyConflictsProps) {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  const own = conflicts.flatMap((conflict) => {
    const answers = [conflict.kept, ...conflict.overruled];
    const mine = answers.find(({ origin }) => origin.policyId === policy.id);
    if (mine === undefined) return [];
    return [{ ...conflict, mine, others: answers.filter((answer) => answer !== mine) }];
  });
  if (own.length === 0) return say('policyList.noConflict');
  return (
    <ul className={styles.list}>
      {own.map(({ member, kept, mine, others, devices }) => {
        const value = valueWords(member, mine.value, language);
        return (
          <li key={JSON.stringify([member, kept, others])}>
            <StateText state="toDo">
              {say('policyList.twoAnswers', { n: devices, what: memberTitle(member, language) })}{' '}
              {mine === kept ? say('policyList.holds', { value }) : say('policyList.overruled', { value })}
              {others.map(({ origin, value: other }) => {
                const words = say('policyList.against', {
                  origin: originWords(origin, language),
                  value: valueWords(member, other, language),
                });
                return (
                  <span key={JSON.stringify(origin)} className={styles.small}>
                    {origin.policyId === undefined ? words : linkTo(origin.policyId, words)}
                  </span>
                );
              })}
            </StateText>
          </li>
        );
      })}
    </ul>
  );
}
