/** Everything that a new policy would say, part by part, with the way back to each. */

import { Button } from '@fluentui/react-components';
import { FactList } from '../../shared/fact-list.tsx';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-policies.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import type { Draft } from './draft.ts';
import { PartValue, partTitle } from './part-words.tsx';
import { differingParts, type Part } from './policy-diff.ts';
import { type DocumentKind, NEW_POLICY } from './policy-documents.ts';

export interface PolicyReviewProps {
  readonly graph: Graph;
  readonly kind: DocumentKind;
  readonly draft: Draft;
  /** Names of the steps that can be gone back to. */
  readonly steps: readonly string[];
  readonly onStep: (step: number) => void;
}

export function PolicyReview({ graph, kind, draft, steps, onStep }: PolicyReviewProps) {
  const say = useWords();
  const styles = usePageStyles();
  const { language } = useLanguage();
  const settings = differingParts(NEW_POLICY.draft, draft).filter((part) => part.includes(' '));
  const description: Part[] = draft.description === '' ? [] : ['description'];
  const shown: readonly (readonly Part[])[] = [['name', ...description], settings, ['targets']];
  const fact = (part: Part) => ({
    name: partTitle(part, say, language),
    value: <PartValue graph={graph} draft={draft} part={part} />,
  });
  const kindFact = {
    name: say('policyList.kind'),
    value: say(kind === 'catalog' ? 'policyList.catalog' : 'policyList.custom'),
  };
  return steps.map((step, at) => (
    <section key={step} aria-label={step} className={styles.card}>
      <div className={styles.tools}>
        <h3 className={styles.heading}>{step}</h3>
        <Button size="small" aria-label={say('wizard.changeWhich', { name: step })} onClick={() => onStep(at)}>
          {say('wizard.change')}
        </Button>
      </div>
      {shown[at]?.length === 0 ? (
        <p className={styles.plain}>{say('wizard.nothing')}</p>
      ) : (
        <FactList facts={[...(shown[at] ?? []).map(fact), ...(at === 0 ? [kindFact] : [])]} />
      )}
    </section>
  ));
}
