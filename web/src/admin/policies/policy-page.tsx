/** One policy document, named by the address; `kind` tells which of the two kinds it is. */

import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { useCallback, useRef } from 'react';
import { useGraph } from '../session.tsx';
import { LeaveQuestion } from './leave-question.tsx';
import { PolicyEditor } from './policy-editor.tsx';
import type { PolicyPlace } from './policy-list.tsx';

export function PolicyPage() {
  const graph = useGraph();
  const navigate = useNavigate();
  const { policyId = 'new' } = useParams({ strict: false });
  const { kind } = useSearch({ strict: false });
  const place: PolicyPlace = { id: policyId, kind: kind === 'custom' ? 'custom' : 'catalog' };
  // No state: it is read when somebody leaves, and nothing shows it before.
  const typed = useRef(false);
  const onTyped = useCallback((isTyped: boolean) => {
    typed.current = isTyped;
  }, []);
  return (
    <>
      <PolicyEditor
        key={`${place.kind} ${place.id}`}
        graph={graph}
        place={place}
        onGo={(next) => void navigate(next === undefined ? { to: '/policies' } : addressOf(next))}
        onTyped={onTyped}
      />
      <LeaveQuestion typed={typed} />
    </>
  );
}

export function addressOf({ kind, id }: PolicyPlace) {
  return { to: '/policies/$policyId', params: { policyId: id }, search: { kind } } as const;
}
