/**
 * The local pages: what the agent's loopback server and its two pages (restore, settings) say to each other.
 *
 * Pages carry codes and values, never sentences of the agent: the page's own words and the reasons' texts make them.
 * Instants travel as ISO 8601 UTC text. Titles of items come in the language asked for (`?language=`). Errors are the
 * envelope of the device API, codes from errors.ts. Every address under /api needs the cookie that `start` gave, and
 * every change the page's own origin.
 *
 *   POST /start                      form field "token" of the bootstrap file, good once -> the page's address, and the cookie
 *   GET  /restore, /settings         the pages: files of the build, nothing about anyone
 *   GET  /signed-in                  where the organization's sign-in returns to; goes on to the page
 *
 *   GET  /api/restore                -> RestoreView; ask again while something moves
 *   POST /api/restore/sign-in        -> SignInPlace: go there in this window
 *   POST /api/restore/check          -> 202; looks again from the first check that failed
 *   GET  /api/restore/points?profile=            -> { value: PointInTime[] }, newest first
 *   GET  /api/restore/plan?profile=&seq=         -> PlanView
 *   PUT  /api/restore/choice         ChoiceBody -> RestoreView; recorded on this device and at the service, nothing applied
 *   POST /api/restore/apply          -> 202; applies the recorded choice, or goes on where it was stopped
 *   POST /api/restore/update-system  -> 202; installs quality updates; the blocked stage says how it goes. Errors: conflict
 *                                    when nothing in the way has the remedy "installUpdates"
 *   GET  /api/undo                   -> UndoView; what taking the last restore back would do
 *   POST /api/undo                   -> 202; takes it back; the restore view (or settings view) shows how it went
 *
 *   GET  /api/settings               -> SettingsView; ask again while something moves. Errors: notEnrolled
 *   POST /api/backup                 -> 202; backs up now
 *   DELETE /api/backup               -> 202; stops the backup that is running
 *   PUT  /api/preferences            SwitchBody -> SettingsView; offline it is kept here and "waiting"
 *   GET  /api/history                -> { value: HistoryLine[] }, newest first
 *   POST /api/leave                  -> 204; the window is closed. What runs goes on; the server ends with it
 *
 * Pure: types and two constants.
 */

import type { ErrorCode } from './errors.ts';
import type { CategoryState } from './preferences.ts';
import type { Reason } from './reasons.ts';
import type { PartKind, ReportItem } from './report.ts';
import type { PlanItem } from './restore-plan.ts';
import type { Category, Platform } from './setting.ts';

export const LOCAL_PAGES = ['restore', 'settings'] as const;
export type LocalPage = (typeof LOCAL_PAGES)[number];

/** The header every request of a page under /api carries, so that no form of another page can be taken for one. */
export const LOCAL_REQUEST_HEADER = 'carryover-page';

export interface LocalDevice {
  readonly name: string;
  readonly osName: string;
  readonly platform: Platform;
}

export interface LocalPerson {
  readonly displayName: string;
  readonly userPrincipalName: string;
}

/** What could not be done, for the page and for IT. */
export interface LocalFault {
  readonly code: ErrorCode;
  /** The narrower code, when there is one. */
  readonly inner?: string;
  /** In the device's language; the page shows it when it has no words of its own for the code. */
  readonly message: string;
  readonly reasons: readonly Reason[];
  /** For IT, when the service said it. */
  readonly requestId?: string;
  readonly at: string;
}

export interface RestoreView {
  readonly device: LocalDevice;
  /** Undefined members are those nobody knows yet. */
  readonly organization?: string;
  readonly person?: LocalPerson;
  /** "setup": Continue only records the choice; "demand": it is applied at once. */
  readonly mode: 'setup' | 'demand';
  readonly stage: RestoreStage;
}

export type RestoreStage =
  | { readonly kind: 'checking'; readonly checks: readonly HandoverCheck[] }
  /** No offer at all means "No backups yet". */
  | { readonly kind: 'choose'; readonly offers: readonly Offer[]; readonly undoDays: number }
  | { readonly kind: 'decided'; readonly choice: DecidedChoice }
  | { readonly kind: 'running'; readonly progress: RestoreProgress }
  | { readonly kind: 'done'; readonly result: RestoreResult }
  /** The restore may not happen, or was stopped by something that must be told. */
  | { readonly kind: 'blocked'; readonly fault: LocalFault; readonly updates?: UpdatesView };

/** How installing quality updates goes or went; absent until it is asked for. A reason with the remedy offers it. */
export type UpdatesView =
  | {
      /**
       * "looking" and "installing" move. "none": nothing waits. "installed": and looked at again, in vain. "restart":
       * installed, in use after a restart. "opened": the system's own updater is open, and the person goes on there.
       */
      readonly how: 'looking' | 'installing' | 'none' | 'installed' | 'restart' | 'opened';
    }
  | { readonly how: 'failed'; readonly fault: LocalFault };

/** In this order; each waits for the one before. */
export const HANDOVER_CHECKS = ['service', 'account', 'device', 'backups'] as const;

export interface HandoverCheck {
  readonly id: (typeof HANDOVER_CHECKS)[number];
  /** "asks" waits for the person: sign in. */
  readonly state: 'waiting' | 'running' | 'asks' | 'passed' | 'failed';
  /** What was found: host, user principal name, organization, number of backups. */
  readonly fact?: string;
  readonly fault?: LocalFault;
}

export interface SignInPlace {
  readonly url: string;
}

export interface Offer {
  readonly profileId: string;
  readonly deviceName: string;
  readonly osName: string;
  readonly platform: Platform;
  readonly lastBackupAt: string;
  readonly settingCount: number;
  readonly appCount: number;
  readonly recommended: boolean;
  /** Why it is recommended: this PC before it was reset, or the newest complete backup. */
  readonly why?: 'samePc' | 'newest';
  /** Set when the newest snapshot is kept but not offered, or when something stays behind. */
  readonly note?: Reason;
}

export interface PointInTime {
  readonly seq: number;
  readonly takenAt: string;
  readonly settingCount: number;
  readonly appCount: number;
  /** A small capture: kept, never offered first. */
  readonly thin: boolean;
}

export interface PlanView {
  readonly profileId: string;
  readonly seq: number;
  readonly takenAt: string;
  /** Everything in the backup, also what stays behind, each of those with its reason. */
  readonly items: readonly PlannedItem[];
}

export interface PlannedItem
  extends Pick<PlanItem, 'id' | 'kind' | 'category' | 'title' | 'now' | 'will' | 'step' | 'reason'> {
  /** May be chosen by name although it is off by default: it runs code, reaches the network or is private. */
  readonly offByDefault: boolean;
}

export type ChoiceBody =
  | {
      readonly kind: 'profile';
      readonly profileId: string;
      /** A point in time; the default offer when missing. */
      readonly seq?: number;
      /** As `carryover restore` takes them: categories, setting ids or item ids. */
      readonly only: readonly string[];
      readonly skip: readonly string[];
    }
  | { readonly kind: 'new' };

export type DecidedChoice =
  | { readonly kind: 'profile'; readonly deviceName: string; readonly decidedAt: string }
  | { readonly kind: 'new'; readonly decidedAt: string };

export interface RestoreProgress {
  readonly deviceName: string;
  readonly startedAt: string;
  /** Values that undo could bring back; undefined before the undo point is saved. */
  readonly undoValues?: number;
  /** True after a restart in the middle. */
  readonly goingOn: boolean;
  readonly categories: readonly CategoryProgress[];
  /** Titles of what is being applied now. */
  readonly current: readonly string[];
  /** Apps wait for a connection while settings go on. */
  readonly appsWait: boolean;
}

export interface CategoryProgress {
  readonly category: Category;
  readonly done: number;
  readonly total: number;
}

export interface RestoreResult {
  readonly deviceName: string;
  readonly finishedAt: string;
  readonly durationMs: number;
  readonly items: readonly Pick<ReportItem, 'id' | 'kind' | 'category' | 'title' | 'status' | 'reason'>[];
  readonly undoUntil?: string;
  /** False: the report goes to the service with the next run. */
  readonly reported: boolean;
  /** Set once it was taken back. */
  readonly undone?: UndoneResult;
}

export interface UndoneResult {
  readonly back: number;
  /** Titles of what the person changed since; it stays. */
  readonly kept: readonly string[];
  readonly failed: readonly string[];
  readonly appsStay: number;
}

export interface UndoView {
  readonly from: string;
  readonly restoredAt: string;
  readonly until: string;
  readonly back: number;
  readonly kept: readonly string[];
  readonly appsStay: number;
}

export interface SettingsView {
  readonly device: LocalDevice;
  readonly organization: string;
  readonly person: LocalPerson;
  readonly agentVersion: string;
  readonly backup: BackupView;
  /** In the order of the page. */
  readonly categories: readonly CategorySwitch[];
  /** There while a restore can be taken back. */
  readonly undo?: { readonly from: string; readonly restoredAt: string; readonly until: string };
  readonly undone?: UndoneResult;
  /** Set when the service could not be asked: what is shown is as of `asOf`. */
  readonly offline?: LocalFault;
  readonly asOf: string;
}

export interface CategorySwitch extends CategoryState {
  /** Switched here and not yet told to the service; it goes with the next contact. */
  readonly waiting: boolean;
}

export interface BackupView {
  /** Why no backup is possible, each with its remedy; empty when it is. */
  readonly obstacles: readonly Reason[];
  /** Why the next one by itself waits, where a person who asks for one need not; absent when only its time has not come. */
  readonly waits?: readonly Reason[];
  readonly last?: {
    readonly at: string;
    readonly settingCount: number;
    readonly appCount: number;
    /** Kinds beside settings and apps that are in it. */
    readonly kinds: readonly PartKind[];
  };
  /** When the next one comes by itself; undefined while backup is off. */
  readonly nextAt?: string;
  /** Why the last try did not work; undefined when it did. */
  readonly lastFault?: LocalFault;
  readonly running?: BackupProgress;
  /** Of the backup asked for on this page, once it has ended well. */
  readonly result?: { readonly unchanged: boolean; readonly sentBytes: number; readonly leftOut: readonly LeftOut[] };
  /** What the organization's policy is called that switched backup on or off. */
  readonly policyName?: string;
}

export interface LeftOut {
  readonly title: string;
  readonly reason: Reason;
}

export interface BackupProgress {
  readonly step: 'settings' | 'apps' | 'compare' | 'send';
  readonly startedAt: string;
  /** Of this step, when it can be counted: items, for "send" bytes. */
  readonly done?: number;
  readonly total?: number;
}

export interface SwitchBody {
  /** A category, or "preferences" for all of them but apps. */
  readonly toggle: Category | 'preferences';
  readonly on: boolean;
}

export type HistoryLine =
  | {
      readonly what: 'backup';
      readonly at: string;
      readonly unchanged: boolean;
      readonly settings: number;
      readonly apps: number;
      readonly leftOut: number;
    }
  | { readonly what: 'backupFailed'; readonly at: string; readonly message: string }
  | {
      readonly what: 'restore';
      readonly at: string;
      readonly from: string;
      readonly done: number;
      readonly notDone: number;
    }
  | { readonly what: 'undo'; readonly at: string; readonly back: number; readonly kept: number }
  | { readonly what: 'setUpAsNew'; readonly at: string };
