/**
 * Every command of the service: the table that the writer thread loads.
 *
 * A command that is not here cannot run on SQLite; commands.test.ts compares the table with the stores.
 */

import { addAutopilotAssignment, removeAutopilotAssignment } from './autopilot/assignments.ts';
import { addAutopilotDevice, giveAutopilotProfile, removeAutopilotDevice } from './autopilot/identities.ts';
import type { AnyCommand } from './db/command.ts';
import { releaseDevice, revokeDevice } from './devices/administration.ts';
import { noteCheckIn } from './devices/check-in-store.ts';
import { addDevice, joinDevice, quarantineClone } from './devices/enrollment-store.ts';
import { removeDevice, renewProfile } from './devices/store.ts';
import { addEnrollmentToken, removeEnrollmentToken } from './devices/token-store.ts';
import { addUser, addUsers, changeUser } from './directory/administration.ts';
import { addGroup, addGroupMember, changeGroup, deleteGroup, removeGroupMember } from './directory/group-store.ts';
import { giveRole, takeRole } from './directory/role-store.ts';
import { beginAttempt, endAttempt, setPassword } from './directory/store.ts';
import { rememberProof, sweepProofs } from './http/proofs.ts';
import { assignPolicy, deletePolicy, putPolicy } from './policies/store.ts';
import { replacePreferences } from './preferences/store.ts';
import { addProfile, hideAllProfiles, hideProfile, putNoProfiles, removeProfile } from './profiles/store.ts';
import { addNewPcChoice, addRestore, saveReport } from './restores/store.ts';
import { addConsent, putApplication } from './signin/applications.ts';
import {
  consumeRecord,
  deleteGrantRecords,
  deleteKeyRecords,
  deletePersonRecords,
  deleteRecord,
  putRecord,
  sweepRecords,
} from './signin/store.ts';
import { markChecked } from './snapshots/checked.ts';
import { commitSnapshot } from './snapshots/store.ts';
import { addSetupCode, foundTenant, skipFirstRun } from './tenants/store.ts';

export const COMMANDS: readonly AnyCommand[] = [
  addAutopilotAssignment,
  addAutopilotDevice,
  addConsent,
  addDevice,
  addEnrollmentToken,
  addGroup,
  addGroupMember,
  addProfile,
  addNewPcChoice,
  addRestore,
  addSetupCode,
  addUser,
  addUsers,
  assignPolicy,
  beginAttempt,
  changeGroup,
  changeUser,
  commitSnapshot,
  consumeRecord,
  deleteGrantRecords,
  deleteGroup,
  deleteKeyRecords,
  deletePersonRecords,
  deletePolicy,
  deleteRecord,
  endAttempt,
  foundTenant,
  giveAutopilotProfile,
  giveRole,
  hideAllProfiles,
  hideProfile,
  joinDevice,
  markChecked,
  noteCheckIn,
  putApplication,
  putNoProfiles,
  putPolicy,
  putRecord,
  quarantineClone,
  releaseDevice,
  rememberProof,
  removeAutopilotAssignment,
  removeAutopilotDevice,
  removeDevice,
  removeProfile,
  removeEnrollmentToken,
  removeGroupMember,
  renewProfile,
  replacePreferences,
  revokeDevice,
  saveReport,
  setPassword,
  skipFirstRun,
  sweepProofs,
  sweepRecords,
  takeRole,
];
