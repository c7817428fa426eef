/**
 * Every command of the service: the table that the writer thread loads.
 *
 * A command that is not here cannot run on SQLite; commands.test.ts compares the table with the stores.
 */

import type { AnyCommand } from './db/command.ts';
import { removeEnrollmentToken } from './devices/enrollment-tokens.ts';
import { addDevice, addEnrollmentToken, noteCheckIn, quarantineClone, removeDevice } from './devices/store.ts';
import { addUser, changeUser } from './directory/administration.ts';
import { beginAttempt, createUser, endAttempt, setAccountEnabled, setPassword } from './directory/store.ts';
import { rememberProof, sweepProofs } from './http/proofs.ts';
import { assignPolicy, deletePolicy, putPolicy } from './policies/store.ts';
import { replacePreferences } from './preferences/store.ts';
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
import { addSetupCode, foundTenant } from './tenants/store.ts';

export const COMMANDS: readonly AnyCommand[] = [
  addConsent,
  addDevice,
  addEnrollmentToken,
  addSetupCode,
  addUser,
  assignPolicy,
  beginAttempt,
  changeUser,
  consumeRecord,
  createUser,
  deleteGrantRecords,
  deleteKeyRecords,
  deletePersonRecords,
  deletePolicy,
  deleteRecord,
  endAttempt,
  foundTenant,
  noteCheckIn,
  putApplication,
  putPolicy,
  putRecord,
  quarantineClone,
  rememberProof,
  removeDevice,
  removeEnrollmentToken,
  replacePreferences,
  setAccountEnabled,
  setPassword,
  sweepProofs,
  sweepRecords,
];
