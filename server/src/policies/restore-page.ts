/**
 * Whether a PC that enrolls now is shown the restore page during its set-up.
 *
 * On for everybody when nothing is assigned, as with Microsoft; once groups are assigned, on for the people and PCs in
 * them, less the excluded ones. Asked once, at enrollment: what is decided then stays (R9, B8).
 */

import { type AssignmentTarget, reaches } from '@carryover/model/assignment';
import type { Store } from '../db/command.ts';
import { groupsOf, type MembershipSubject } from '../directory/membership.ts';
import { restoreConfigurationId } from './documents.ts';
import { restoreStateOf } from './policies.ts';
import { listAssignments } from './store.ts';

export async function showsRestorePage(
  store: Store,
  pc: MembershipSubject & { readonly tenantId: string },
): Promise<boolean> {
  const { tenantId } = pc;
  if ((await restoreStateOf(store, tenantId)) !== 'enabled') return false;
  const rows = await listAssignments(store, tenantId, restoreConfigurationId(tenantId));
  if (rows.length === 0) return true;
  const targets = rows.map(({ target }) => JSON.parse(target) as AssignmentTarget);
  return reaches(targets, { ...pc, groups: await groupsOf(store, tenantId, pc) }).reached;
}
