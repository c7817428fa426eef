/** What saving a draft would do, asked of the service while it is edited; its refusal says what is wrong with the draft. */

import type { PolicyPreview } from '@carryover/model/policy-preview';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import type { Draft } from './draft.ts';
import { type OpenPolicy, previewPolicy } from './policy-documents.ts';

/** Somebody who types is not asked about between two letters. Milliseconds. */
const PAUSE_MS = 400;

export interface Preview {
  /** As far as it is known: of the draft before while a new one is worked out. */
  readonly data: PolicyPreview | undefined;
  readonly error: Error | null;
  /** What `data` and `error` are about is what stands on the page. */
  readonly isOfNow: boolean;
  readonly onAgain: () => void;
  readonly deviceId: string | undefined;
  readonly onTry: (deviceId: string | undefined) => void;
}

export interface PreviewAsked {
  readonly policy: OpenPolicy;
  readonly draft: Draft;
  /** A draft that cannot be saved is not asked about. */
  readonly enabled: boolean;
}

export function usePreview(graph: Graph, { policy, draft, enabled }: PreviewAsked): Preview {
  const text = JSON.stringify(draft);
  const settled = useSettled(text, PAUSE_MS);
  const [deviceId, setDeviceId] = useState<string>();
  const found = useQuery({
    queryKey: ['policyPreview', policy.kind, policy.id, policy.etag, settled, deviceId],
    queryFn: ({ signal }) =>
      previewPolicy(
        graph,
        { policy, draft: JSON.parse(settled) as Draft, ...(deviceId === undefined ? {} : { deviceId }) },
        signal,
      ),
    placeholderData: (before) => before,
    enabled,
  });
  return {
    data: found.data,
    error: found.error,
    isOfNow: enabled && settled === text && !found.isPlaceholderData && !found.isPending,
    onAgain: () => void found.refetch(),
    deviceId,
    onTry: setDeviceId,
  };
}

/** The value, once it has not changed for a while. */
function useSettled<Value>(value: Value, pauseMs: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value, pauseMs]);
  return settled;
}
