/**
 * `carryover status`: what is backed up, what comes next, and what stands in the way, each with what to do.
 *
 * Asks the service first; without it, what it said last is shown with the time it was said. With --explain: every
 * decision of the organization instead, with who took it. What is wrong with policies written on this PC is said either way.
 */

import { KnownError } from '@carryover/model/errors';
import type { LocalFindings } from '@carryover/model/policy-file';
import { categoryStates } from '@carryover/model/preferences';
import { type Reason, wordsOf } from '@carryover/model/reasons';
import type { Due } from '@carryover/model/schedule';
import type { Category } from '@carryover/model/setting';
import { localPolicy } from '../policy/policy.ts';
import { dueHere } from '../state/due-here.ts';
import { knownHere } from '../state/known-here.ts';
import { type KnownHere, lastBackupOf, nextBackupOf, outOfContact, serviceNow, waitsFor } from '../state/standing.ts';
import type { EnrollmentState, ServiceState } from '../state/state.ts';
import type { Agent } from './agent.ts';
import { explainLines, type Shown, shownFrom } from './explain-lines.ts';
import { notEnrolled } from './real-agent.ts';
import { line, plain, type Sign, sentenceLines } from './terminal.ts';
import { dayWords, momentWords, titlesOf } from './titles.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('status', args);
  const enrollment = await agent.state.read('enrollment');
  if (enrollment === undefined) throw notEnrolled();
  const unreachable = await askService(agent);
  const here = await localPolicy(agent.system, agent.config.policyPlaces).read();
  const known = await knownHere(agent.state, enrollment, agent.system.now());
  const standing: Standing = {
    ...known,
    due: await dueHere(agent.system, known),
    enrollment,
    device: await agent.device(),
    unreachable,
    here,
    shown: values.explain ? await explained(agent, unreachable) : undefined,
  };
  if (values.json) agent.out.json(jsonOf(standing));
  else for (const line of linesOf(standing, agent)) agent.out.line(line);
}

interface Standing extends KnownHere {
  readonly due: Due;
  readonly enrollment: EnrollmentState;
  readonly device: { readonly name: string; readonly osName: string; readonly build: string };
  /** Why the service could not be asked. */
  readonly unreachable: KnownError | undefined;
  /** What is written on this PC. */
  readonly here: LocalFindings;
  /** Only when asked for. */
  readonly shown: Shown | undefined;
}

/** Every reason why nothing is backed up now, however it would be asked for. */
function obstaclesOf(standing: Standing): readonly Reason[] {
  const stale = outOfContact(standing);
  return [...(standing.service?.checkIn.eligibility.backup ?? []), ...(stale === undefined ? [] : [stale])];
}

/** Why the schedule waits, where a person who asks for a backup would not have to. */
function holdsOf(standing: Standing): readonly Reason[] {
  return standing.due.held === 'notAllowed' ? [] : waitsFor(standing, standing.due);
}

async function askService(agent: Agent): Promise<KnownError | undefined> {
  try {
    const client = await agent.client({ maySignIn: false });
    await client.checkIn({ device: await agent.device(), manifestFormat: 1 });
    return undefined;
  } catch (error) {
    if (error instanceof KnownError) return error;
    throw error;
  }
}

/** From the service; without it, and from one that is older than this question, what it said last. */
async function explained(agent: Agent, unreachable: KnownError | undefined): Promise<Shown | undefined> {
  const client = await agent.client({ maySignIn: false });
  const asked = unreachable === undefined ? await client.getPolicy().catch(knownError) : unreachable;
  if (!(asked instanceof KnownError)) return asked.explained;
  const service = await agent.state.read('service');
  return service === undefined ? undefined : shownFrom(service.checkIn.policy);
}

function knownError(error: unknown): KnownError {
  if (error instanceof KnownError) return error;
  throw error;
}

function jsonOf(standing: Standing) {
  const { enrollment, device, service, acknowledged, attempts, unreachable, here, shown } = standing;
  const { checkIn } = service ?? {};
  const obstacles = obstaclesOf(standing);
  return {
    device: { id: enrollment.deviceId, name: device.name, osName: device.osName, build: device.build },
    organization: { id: enrollment.tenantId, name: enrollment.organization },
    person: {
      id: enrollment.userId,
      userPrincipalName: enrollment.userPrincipalName,
      displayName: enrollment.displayName,
    },
    joinType: enrollment.joinType,
    profileId: enrollment.profileId,
    lastBackupAt: lastBackupOf(standing)?.toString() ?? null,
    nextBackupAt: nextBackupOf(standing)?.toString() ?? null,
    settingCount: acknowledged?.settingCount ?? 0,
    appCount: acknowledged?.appCount ?? 0,
    backup: {
      allowed: checkIn !== undefined && obstacles.length === 0,
      reasons: obstacles,
      waits: holdsOf(standing),
    },
    restore: {
      allowed: checkIn?.eligibility.restoreOnDemand.length === 0,
      reasons: checkIn?.eligibility.restoreOnDemand ?? [],
    },
    alarm: acknowledged?.alarm ?? null,
    categories: checkIn === undefined ? [] : categoryStates(checkIn.policy, checkIn.preferences),
    policy: checkIn === undefined ? null : { version: checkIn.policy.version, readAt: service?.checkedInAt },
    localPolicy: {
      documents: here.documents.map(({ source, name }) => ({ source, name })),
      problems: here.problems,
    },
    ...(shown === undefined ? {} : { explained: shown }),
    clockOffsetMs: service?.clockOffsetMs ?? 0,
    failures: attempts?.failures ?? 0,
    lastError: attempts?.lastError ?? null,
    service:
      unreachable === undefined
        ? { asked: true }
        : { asked: false, error: { code: unreachable.code, message: unreachable.message } },
  };
}

function linesOf(standing: Standing, agent: Agent): string[] {
  const { enrollment, device, unreachable, attempts, shown } = standing;
  const { out } = agent;
  const words = TEXTS[out.language];
  const lastError = (attempts?.failures ?? 0) > 0 ? attempts?.lastError : undefined;
  return [
    plain(out, `${device.name}   ${device.osName}`),
    plain(out, enrollment.organization),
    plain(out, `${enrollment.displayName}   ${enrollment.userPrincipalName}`),
    '',
    ...(shown === undefined ? standingLines(standing, agent) : explainLines(out, shown)),
    ...standing.here.problems.flatMap((problem) => problemLines(problem, agent)),
    ...(lastError === undefined ? [] : row(agent, words.lastError, lastError.message, 'warning')),
    ...(unreachable === undefined ? [] : row(agent, words.notAsked, unreachable.message, 'warning')),
  ];
}

function standingLines(standing: Standing, agent: Agent): string[] {
  const { service } = standing;
  return [
    ...backedUpLines(standing, agent),
    ...(service === undefined ? [] : mayLines(service, standing, agent)),
    ...(service === undefined ? [] : rememberedLines(service, standing, agent)),
  ];
}

/** Of a policy written on this PC: what is wrong with it, and what to do. */
function problemLines(problem: Reason, agent: Agent): string[] {
  const { reason, remedy } = wordsOf(problem, agent.out.language);
  return row(agent, TEXTS[agent.out.language].onThisPc, `${reason} ${remedy}`, 'warning');
}

function backedUpLines(standing: Standing, agent: Agent): string[] {
  const { out } = agent;
  const words = TEXTS[out.language];
  const here = hereOf(standing, out.language);
  const [last, next] = [lastBackupOf(standing), nextBackupOf(standing)];
  const nextWords = next === undefined ? [] : [`${words.nextBy} ${dayWords(next, here)}`];
  if (last === undefined) return row(agent, words.backedUp, [words.never, ...nextWords].join(', '), 'warning');
  const { acknowledged } = standing;
  const counts =
    acknowledged === undefined
      ? []
      : [`${acknowledged.settingCount} ${words.settings}`, `${acknowledged.appCount} ${words.apps}`];
  return row(agent, words.backedUp, [momentWords(last, here), ...counts, ...nextWords].join(', '), 'running');
}

function hereOf({ service, now }: Standing, language: Agent['out']['language']) {
  const at = service === undefined ? now : serviceNow(service, now);
  return { now: at, language, timeZone: Temporal.Now.timeZoneId() };
}

function mayLines({ checkIn: { eligibility } }: ServiceState, standing: Standing, agent: Agent): string[] {
  const words = TEXTS[agent.out.language];
  const holds = holdsOf(standing).map((reason) => Object.values(wordsOf(reason, agent.out.language)).join(' '));
  return [
    ...reasonLines(obstaclesOf(standing), words.canBackup, words.cannotBackup, agent),
    ...holds.flatMap((sentences) => row(agent, words.waits, sentences, 'warning')),
    ...reasonLines(eligibility.restoreOnDemand, words.canRestore, words.cannotRestore, agent),
  ];
}

function reasonLines(reasons: readonly Reason[], can: string, cannot: string, { out }: Agent): string[] {
  const words = TEXTS[out.language];
  if (reasons.length === 0) return [line(out, { sign: 'done', label: can })];
  const why = reasons.length === 1 ? words.forOne : words.forMany.replace('{count}', String(reasons.length));
  return [
    line(out, { sign: 'failed', label: `${cannot}${why}` }),
    ...reasons.flatMap((reason, index) => {
      const { reason: sentence, remedy } = wordsOf(reason, out.language);
      const block = { label: words.toFix, indent: 2, labelColumns: words.toFix.length + 2 };
      return [
        ...sentenceLines(out, {
          sign: { text: String(index + 1) },
          label: '',
          text: sentence,
          indent: 2,
          labelColumns: 0,
        }),
        ...sentenceLines(out, { ...block, text: reason.remedy === undefined ? remedy : `${remedy} ${words.updates}` }),
      ];
    }),
  ];
}

function rememberedLines(service: ServiceState, standing: Standing, agent: Agent): string[] {
  const { out } = agent;
  const { policy, preferences } = service.checkIn;
  const words = TEXTS[out.language];
  const states = categoryStates(policy, preferences);
  const titles = (which: (state: (typeof states)[number]) => boolean) =>
    titlesOf(
      states.filter(which).map(({ category }): Category => category),
      out.language,
    );
  const here = hereOf(standing, out.language);
  const origin = policy.origins['backupEnabled']?.policy;
  const read = `${words.read} ${momentWords(Temporal.Instant.from(service.checkedInAt), here)}`;
  return [
    ...row(
      agent,
      words.remembered,
      titles(({ on }) => on),
    ),
    ...row(
      agent,
      words.notRemembered,
      titles(({ on, changeable }) => !on && changeable),
    ),
    ...row(
      agent,
      words.locked,
      titles(({ changeable }) => !changeable),
    ),
    ...row(agent, words.policy, origin === undefined ? read : `"${origin}", ${read}`),
  ];
}

const LABEL_COLUMNS = 17;

function row({ out }: Agent, label: string, text: string, sign?: Sign): string[] {
  return sentenceLines(out, { label, text, labelColumns: LABEL_COLUMNS, ...(sign === undefined ? {} : { sign }) });
}

const TEXTS = {
  en: {
    backedUp: 'Backed up',
    never: 'never',
    nextBy: 'next by',
    settings: 'settings',
    apps: 'apps',
    canBackup: 'Can back up',
    cannotBackup: "Can't back up",
    canRestore: 'Can restore',
    cannotRestore: "Can't restore",
    forOne: '',
    forMany: ', for {count} reasons',
    toFix: 'to fix',
    waits: 'Waits',
    updates: 'Now: carryover update-system',
    remembered: 'Remembered',
    notRemembered: 'Not remembered',
    locked: 'Locked',
    policy: 'Policy',
    read: 'read',
    onThisPc: 'On this PC',
    lastError: 'Last error',
    notAsked: 'Not up to date',
  },
  de: {
    backedUp: 'Gesichert',
    never: 'noch nie',
    nextBy: 'nächste bis',
    settings: 'Einstellungen',
    apps: 'Apps',
    canBackup: 'Kann sichern',
    cannotBackup: 'Kann nicht sichern',
    canRestore: 'Kann wiederherstellen',
    cannotRestore: 'Kann nicht wiederherstellen',
    forOne: '',
    forMany: ', {count} Gründe',
    toFix: 'Abhilfe',
    waits: 'Wartet',
    updates: 'Sofort: carryover update-system',
    remembered: 'Gemerkt',
    notRemembered: 'Nicht gemerkt',
    locked: 'Gesperrt',
    policy: 'Richtlinie',
    read: 'gelesen',
    onThisPc: 'Auf diesem PC',
    lastError: 'Letzter Fehler',
    notAsked: 'Nicht aktuell',
  },
} as const;
