/** One Autopilot profile, named by the address. */

import { useNavigate, useParams } from '@tanstack/react-router';
import { useGraph } from '../session.tsx';
import { ProfileEditor } from './profile-editor.tsx';

export function ProfilePage() {
  const graph = useGraph();
  const navigate = useNavigate();
  const { profileId = 'new' } = useParams({ strict: false });
  return (
    <ProfileEditor
      key={profileId}
      graph={graph}
      id={profileId}
      onGo={(next) =>
        void navigate(
          next === undefined
            ? { to: '/enrollment/autopilot' }
            : { to: '/enrollment/autopilot/$profileId', params: { profileId: next } },
        )
      }
    />
  );
}
