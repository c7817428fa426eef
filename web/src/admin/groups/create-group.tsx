/** Makes a group: what it is called, and whether members are put into it or follow a rule. What was typed stays on a refusal. */

import { Button, Field, Radio, RadioGroup } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';
import { NameFields } from '../parts/name-fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { createGroup, forgetGroups, GROUP_LENGTHS, type GroupDraft, ruleFaultOf } from './groups-data.ts';
import { RuleField } from './rule-field.tsx';

export interface CreateGroupProps {
  readonly graph: Graph;
  readonly onClose: () => void;
  readonly onMade: (id: string) => void;
}

export function CreateGroup({ graph, onClose, onMade }: CreateGroupProps) {
  const say = useWords();
  const queries = useQueryClient();
  const [draft, setDraft] = useState<GroupDraft>({ name: '', description: '', rule: undefined });
  // Kept while the other kind is chosen, so that looking at it costs nothing that was typed.
  const [rule, setRule] = useState('');
  const [tried, setTried] = useState(false);
  const making = useMutation({
    mutationFn: () => createGroup(graph, draft),
    onSuccess: async (id) => {
      await forgetGroups(queries);
      onClose();
      onMade(id);
    },
  });
  const change = (part: Partial<GroupDraft>) => {
    making.reset();
    setDraft({ ...draft, ...part });
  };
  const nameFault = draft.name.trim() === '' ? say('groupList.needsName') : null;
  const ruleFault = useMemo(() => ruleFaultOf(making.error), [making.error]);
  const make = () => {
    setTried(true);
    if (nameFault === null && !making.isPending) making.mutate();
  };
  return (
    <Modal
      title={say('groupList.create')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabledFocusable={making.isPending} onClick={make}>
            {say('groupList.createNow')}
          </Button>
        </>
      }
    >
      <NameFields
        draft={draft}
        longest={GROUP_LENGTHS}
        disabled={false}
        fault={tried ? nameFault : null}
        onChange={change}
      />
      <Field label={say('groupList.howMembers')}>
        <RadioGroup
          value={draft.rule === undefined ? 'assigned' : 'rule'}
          onChange={(_, { value }) => change({ rule: value === 'rule' ? rule : undefined })}
        >
          <Radio value="assigned" label={say('groupList.chooseAssigned')} />
          <Radio value="rule" label={say('groupList.chooseRule')} />
        </RadioGroup>
      </Field>
      {draft.rule === undefined ? null : (
        <RuleField
          rule={draft.rule}
          fault={ruleFault}
          onChange={(typed) => {
            setRule(typed);
            change({ rule: typed });
          }}
        />
      )}
      {making.error === null || ruleFault !== undefined ? null : (
        <Problem error={making.error} cause={say('page.notDone')} />
      )}
    </Modal>
  );
}
