/** Enrollment. */

import { useNavigate } from '@tanstack/react-router';
import { useGraph } from '../session.tsx';
import { EnrollmentView } from './enrollment-view.tsx';

export function EnrollmentPage() {
  const navigate = useNavigate();
  return <EnrollmentView graph={useGraph()} onAutopilot={() => void navigate({ to: '/enrollment/autopilot' })} />;
}
