/** Devices, with what is looked for and which one is open in the address. */

import { useNavigate, useParams, useRouter, useSearch } from '@tanstack/react-router';
import { useGraph } from '../session.tsx';
import { type DevicesAsked, devicesAskedFrom } from './devices-data.ts';
import { DevicesView } from './devices-view.tsx';

export function DevicesPage() {
  const graph = useGraph();
  const router = useRouter();
  const navigate = useNavigate();
  const { id } = useParams({ strict: false });
  const asked = { ...devicesAskedFrom(useSearch({ strict: false })), device: id };
  return (
    <DevicesView
      graph={graph}
      asked={asked}
      onAsk={(wanted) => void navigate(placeOf(wanted))}
      hrefOf={(wanted) => router.buildLocation(placeOf(wanted)).href}
      onEnroll={() => void navigate({ to: '/enrollment' })}
    />
  );
}

function placeOf({ device, ...search }: DevicesAsked) {
  return device === undefined
    ? ({ to: '/devices', search } as const)
    : ({ to: '/devices/$id', params: { id: device }, search } as const);
}
