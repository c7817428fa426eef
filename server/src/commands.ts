/**
 * Every command of the service: the table that the writer thread loads.
 *
 * A command that is not here cannot run on SQLite; commands.test.ts compares the table with the stores.
 */

import type { AnyCommand } from './db/command.ts';
import { beginAttempt, createUser, endAttempt, setAccountEnabled, setPassword } from './directory/store.ts';
import { rememberProof, sweepProofs } from './http/proofs.ts';
import { assignPolicy, deletePolicy, putPolicy } from './policies/store.ts';
import { addProfile, hideAllProfiles, hideProfile } from './profiles/store.ts';
import { addRestore, saveReport } from './restores/store.ts';
import { addConsent, putApplication } from './signin/applications.ts';
import {
  consumeRecord,
  deleteGrantRecords,
  deleteKeyRecords,
  deletePersonRecords,
  deleteRecord,
  putRecord,
  sweepRecords,
} from './signin/records.ts';
import { markChecked } from './snapshots/checked.ts';
import { commitSnapshot } from './snapshots/store.ts';
import { addSetupCode, bumpPolicyVersion, foundTenant } from './tenants/store.ts';

export const COMMANDS: readonly AnyCommand[] = [
  beginAttempt,
  createUser,
  endAttempt,
  setAccountEnabled,
  setPassword,
  rememberProof,
  sweepProofs,
  assignPolicy,
  deletePolicy,
  putPolicy,
  addProfile,
  hideAllProfiles,
  hideProfile,
  addRestore,
  saveReport,
  addConsent,
  putApplication,
  consumeRecord,
  deleteGrantRecords,
  deleteKeyRecords,
  deletePersonRecords,
  deleteRecord,
  putRecord,
  sweepRecords,
  markChecked,
  commitSnapshot,
  addSetupCode,
  bumpPolicyVersion,
  foundTenant,
];
