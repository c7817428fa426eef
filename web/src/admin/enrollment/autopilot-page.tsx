/** Enrollment > Autopilot. */

import { useNavigate, useRouter } from '@tanstack/react-router';
import { useGraph } from '../session.tsx';
import { AutopilotView } from './autopilot-view.tsx';

export function AutopilotPage() {
  const router = useRouter();
  const navigate = useNavigate();
  return (
    <AutopilotView
      graph={useGraph()}
      hrefOf={(id) => router.buildLocation(addressOf(id)).href}
      onOpen={(id) => void navigate(addressOf(id))}
    />
  );
}

function addressOf(profileId: string) {
  return { to: '/enrollment/autopilot/$profileId', params: { profileId } } as const;
}
