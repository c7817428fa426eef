/** The guide as the service computes it: read every few seconds while it is looked at, put aside for the organization. */

import type { FirstRun, FirstRunStep } from '@carryover/model/admin';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useGraph } from '../session.tsx';

const FIRST_RUN = '/beta/carryover/firstRun';
/** Soon enough to watch a device arrive, seldom enough for the service. */
const LOOK_EVERY_MS = 5_000;

/** Who may put the guide aside. Source: access of PATCH carryover/firstRun. */
export const MAY_SKIP = ['Global Administrator', 'Intune Administrator'];

export function useFirstRun() {
  const graph = useGraph();
  return useQuery({
    queryKey: ['firstRun'],
    queryFn: ({ signal }) => graph.get<FirstRun>(FIRST_RUN, { signal }),
    refetchInterval: ({ state }) => (state.data?.finished === true ? false : LOOK_EVERY_MS),
  });
}

export function useSkipping() {
  const graph = useGraph();
  const queries = useQueryClient();
  return useMutation({
    // A reading that is under way was made before, and would come after.
    onMutate: () => queries.cancelQueries({ queryKey: ['firstRun'] }),
    mutationFn: (skipped: boolean) => graph.send<FirstRun>('PATCH', FIRST_RUN, { body: { skipped } }),
    onSuccess: (firstRun) => queries.setQueryData(['firstRun'], firstRun),
  });
}

export function doneOf({ steps }: FirstRun): number {
  return steps.filter(({ done }) => done).length;
}

/** The first that is not done; the last when all are. */
export function nextOf({ steps }: FirstRun): FirstRunStep | undefined {
  return steps.find(({ done }) => !done) ?? steps.at(-1);
}
