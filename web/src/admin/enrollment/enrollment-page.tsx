/** Enrollment. */

import { useGraph } from '../session.tsx';
import { EnrollmentView } from './enrollment-view.tsx';

export function EnrollmentPage() {
  return <EnrollmentView graph={useGraph()} />;
}
