/** The settings of a policy, the same in the steps of a new one and on the page of one that is there. */

import { useWords } from '../../shared/words/admin-policies.ts';
import { usePageStyles } from '../parts/use-page-styles.ts';
import type { Draft } from './draft.ts';
import { OmaList } from './oma-list.tsx';
import { rowFault } from './oma-rows.ts';
import type { OpenPolicy } from './policy-documents.ts';
import { SettingList } from './setting-list.tsx';

interface PartProps {
  readonly draft: Draft;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<Draft>) => void;
}

export interface SettingsProps extends PartProps {
  readonly policy: OpenPolicy;
  /** What the service refused of this draft. */
  readonly error: Error | null;
}

export function Settings({ policy, draft, disabled, error, onChange }: SettingsProps) {
  const say = useWords();
  const styles = usePageStyles();
  return (
    <>
      {policy.kind === 'catalog' ? (
        <SettingList
          before={policy.draft}
          draft={draft}
          disabled={disabled}
          onChange={(values) => onChange({ values })}
        />
      ) : (
        <OmaList
          rows={draft.oma}
          disabled={disabled}
          fault={rowFault(error, draft.oma)}
          onChange={(oma) => onChange({ oma })}
        />
      )}
      {policy.kind === 'custom' || policy.kept.length === 0 ? null : (
        <p className={styles.quiet}>
          {say('policyEditor.unknown', {
            names: policy.kept.map(({ settingInstance }) => settingInstance.settingDefinitionId).join(', '),
          })}
        </p>
      )}
    </>
  );
}
