/**
 * `carryover doctor`: checks everything a backup needs, one by one, and says for each what to do.
 *
 * Each check says for itself how it went; one that fails does not keep the others from being made. Ends with the error of
 * the first check that failed, so that its exit code tells what is wrong.
 */

import { eligibility } from '@carryover/model/eligibility';
import { KnownError } from '@carryover/model/errors';
import type { Origin } from '@carryover/model/policy';
import type { PolicyDocument } from '@carryover/model/policy-merge';
import { memberTitle, originWords, valueWords } from '@carryover/model/policy-words';
import { type Reason, wordsOf } from '@carryover/model/reasons';
import { localPolicy } from '../policy/policy.ts';
import type { ScheduleKind } from '../schedule/schedule.ts';
import { knownHere } from '../state/known-here.ts';
import { nextBackupOf } from '../state/standing.ts';
import type { EnrollmentState } from '../state/state.ts';
import type { Agent } from './agent.ts';
import { networkOf } from './connection.ts';
import { notEnrolled } from './real-agent.ts';
import { type Sign, sentenceLines } from './terminal.ts';
import { momentWords, spanWords } from './titles.ts';
import { parsed, type Text } from './words.ts';

type Outcome = 'fine' | 'warning' | 'failed';

interface Finding {
  readonly outcome: Outcome;
  readonly words: string;
  readonly error?: KnownError;
}

interface Check {
  readonly name: string;
  readonly title: Text;
  /** Default: on every system. */
  readonly onlyOnWindows?: true;
  look(agent: Agent, enrollment: EnrollmentState): Promise<Finding>;
}

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('doctor', args);
  const { out } = agent;
  const enrollment = await agent.state.read('enrollment');
  if (enrollment === undefined) throw notEnrolled();
  const found: (Finding & { readonly check: string })[] = [];
  const isWindows = agent.system.registry !== undefined;
  for (const { name, title, look } of CHECKS.filter(({ onlyOnWindows }) => onlyOnWindows !== true || isWindows)) {
    const finding = await look(agent, enrollment).catch(failed);
    found.push({ check: name, ...finding });
    if (values.json) continue;
    const sign = SIGNS[finding.outcome];
    const label = title[out.language];
    for (const text of sentenceLines(out, { sign, label, text: finding.words, labelColumns: TITLE_COLUMNS }))
      out.line(text);
  }
  const first = found.find(({ error }) => error !== undefined)?.error;
  if (values.json) out.json({ checks: found.map(({ check, outcome, words }) => ({ check, outcome, words })) });
  if (first !== undefined) throw first;
}

const TITLE_COLUMNS = 16;

const SIGNS: Readonly<Record<Outcome, Sign>> = { fine: 'done', warning: 'warning', failed: 'failed' };

function failed(error: unknown): Finding {
  if (!(error instanceof KnownError)) throw error;
  return { outcome: 'failed', words: error.message, error };
}

/** Beyond this a clock is worth a word, in milliseconds: people notice, and other programs fail. */
const CLOCK_WORTH_SAYING_MS = 120_000;

const CHECKS: readonly Check[] = [
  {
    name: 'network',
    title: { en: 'Network', de: 'Netz' },
    async look(agent, enrollment) {
      const { http } = await networkOf(agent, enrollment);
      const url = new URL(`${enrollment.serviceUrl}/healthz`);
      const before = agent.system.monotonicMs();
      const { status } = await http.request({ method: 'GET', url });
      const took = Math.round(agent.system.monotonicMs() - before);
      const words = `${url.host}, ${took} ms`;
      if (status < 500) return { outcome: 'fine', words };
      throw new KnownError(
        'serviceUnreachable',
        `${url.host} answers that it is not well (status ${status}). Tell your IT.`,
      );
    },
  },
  {
    name: 'certificate',
    title: { en: 'Certificate', de: 'Zertifikat' },
    async look({ out }, { serviceUrl, ca, caPin }) {
      const words = TEXTS[out.language];
      if (!serviceUrl.startsWith('https:')) return { outcome: 'fine', words: words.loopback };
      if (ca === undefined) return { outcome: 'fine', words: words.systemStore };
      const { certificateFrom, keyDigest } = await import('../client/tls.ts');
      const certificate = certificateFrom(ca);
      const digest = certificate === undefined ? undefined : keyDigest(certificate);
      if (certificate !== undefined && (caPin === undefined || caPin === digest)) {
        const until = certificate.validToDate.toISOString().slice(0, 10);
        return {
          outcome: 'fine',
          words: words.ownAuthority.replace('{name}', nameOf(certificate.subject)).replace('{date}', until),
        };
      }
      throw new KnownError('notEnrolled', words.damagedAuthority, { inner: 'certificate' });
    },
  },
  {
    name: 'clock',
    title: { en: 'Clock', de: 'Uhr' },
    async look(agent, enrollment) {
      const { http, clock } = await networkOf(agent, enrollment);
      await http.request({ method: 'GET', url: new URL(`${enrollment.serviceUrl}/healthz`) });
      const { language } = agent.out;
      if (Math.abs(clock.offsetMs) < CLOCK_WORTH_SAYING_MS)
        return { outcome: 'fine', words: TEXTS[language].clockFine };
      return warning({ code: 'clockWrong', facts: { difference: spanWords(clock.offsetMs, language) } }, agent);
    },
  },
  {
    name: 'signIn',
    title: { en: 'Sign-in', de: 'Anmeldung' },
    async look(agent, enrollment) {
      const client = await agent.client({ maySignIn: false });
      await client.checkIn({ device: await agent.device(), manifestFormat: 1 });
      return { outcome: 'fine', words: enrollment.userPrincipalName };
    },
  },
  {
    name: 'policy',
    title: { en: 'Policy', de: 'Richtlinie' },
    async look(agent) {
      const service = await agent.state.read('service');
      const words = TEXTS[agent.out.language];
      if (service === undefined) return { outcome: 'warning', words: words.neverRead };
      const { policy } = service.checkIn;
      const name = policy.origins['backupEnabled']?.policy;
      const at = momentWords(Temporal.Instant.from(service.checkedInAt), await hereOf(agent));
      const named = name === undefined ? '' : `"${name}", `;
      return { outcome: 'fine', words: `${named}${words.version} ${policy.version}, ${words.read} ${at}` };
    },
  },
  {
    name: 'localPolicy',
    title: { en: 'On this PC', de: 'Auf diesem PC' },
    async look(agent) {
      const words = TEXTS[agent.out.language];
      const { documents, problems } = await localPolicy(agent.system, agent.config.policyPlaces).read();
      const names = documents.map((document) => originWords(originOf(document), agent.out.language)).join(', ');
      const wrong = [...problems.map((problem) => warning(problem, agent).words)];
      if (documents.length > 0) wrong.push(...(await contradictions(agent)));
      if (wrong.length > 0) return { outcome: 'warning', words: wrong.join(' ') };
      return { outcome: 'fine', words: names === '' ? words.nothingHere : names };
    },
  },
  {
    name: 'eligibility',
    title: { en: 'Eligibility', de: 'Eignung' },
    async look(agent, { joinType }) {
      const service = await agent.state.read('service');
      if (service === undefined) return { outcome: 'warning', words: TEXTS[agent.out.language].neverRead };
      const { policy, eligibility: said } = service.checkIn;
      const seen = eligibility({ device: await agent.device(), joinType, policy }, await agent.builds());
      const [first] = [...said.backup, ...seen.backup, ...said.restoreOnDemand, ...seen.restoreOnDemand];
      if (first === undefined) return { outcome: 'fine', words: TEXTS[agent.out.language].mayBoth };
      return warning(first, agent);
    },
  },
  {
    name: 'schedule',
    title: { en: 'Schedule', de: 'Zeitplan' },
    async look(agent, enrollment) {
      const { scheduleState } = await import('../schedule/schedule.ts');
      const installed = await scheduleState(agent.system);
      const words = TEXTS[agent.out.language];
      if (installed === undefined) return { outcome: 'warning', words: words.noSchedule };
      const starter = SCHEDULES[installed][agent.out.language];
      const known = await knownHere(agent.state, enrollment, agent.system.now());
      const at = nextBackupOf(known);
      if (at === undefined) return { outcome: 'warning', words: `${starter}, ${words.idle}` };
      return { outcome: 'fine', words: `${starter}, ${words.next} ${momentWords(at, await hereOf(agent))}` };
    },
  },
  {
    name: 'elevatedTask',
    title: { en: 'Administrator', de: 'Administrator' },
    onlyOnWindows: true,
    async look({ system, out }) {
      const words = TEXTS[out.language];
      // Without it nothing is wrong: the few settings it is for are named by the restore.
      return {
        outcome: 'fine',
        words: (await system.handOver?.isThere()) === true ? words.elevated : words.notElevated,
      };
    },
  },
  {
    name: 'lastError',
    title: { en: 'Last error', de: 'Letzter Fehler' },
    async look(agent) {
      const attempts = await agent.state.read('attempts');
      if (attempts?.lastError === undefined || attempts.failures === 0)
        return { outcome: 'fine', words: TEXTS[agent.out.language].none };
      const at = instantOf(attempts.lastFailureAt);
      const when = at === undefined ? '' : `${momentWords(at, await hereOf(agent))}: `;
      return { outcome: 'warning', words: `${when}${attempts.lastError.message} (${attempts.lastError.code})` };
    },
  },
];

/**
 * Decisions about which what is written on this PC and what the service says differ, one sentence each. None without the
 * service: another check has said that already.
 */
async function contradictions(agent: Agent): Promise<string[]> {
  const { language } = agent.out;
  try {
    const client = await agent.client({ maySignIn: false });
    const { explained } = await client.getPolicy();
    return explained.explanations.flatMap(({ member, value, decidedBy, others }) => {
      const other = others.find(
        ({ because, origin }) => because === 'stricter' && origin.source !== decidedBy?.origin.source,
      );
      if (other === undefined || decidedBy === undefined) return [];
      const [kept, lost] = [value, other.value].map((one) => valueWords(member, one, language));
      return [
        TEXTS[language].contradiction
          .replace('{member}', memberTitle(member, language))
          .replace('{kept}', `${kept}, ${originWords(decidedBy.origin, language)}`)
          .replace('{lost}', `${lost}, ${originWords(other.origin, language)}`),
      ];
    });
  } catch (error) {
    if (error instanceof KnownError) return [];
    throw error;
  }
}

function originOf({ source, name }: PolicyDocument): Origin {
  return { source, policy: name };
}

function warning(reason: Reason, { out }: Agent): Finding {
  const { reason: sentence, remedy } = wordsOf(reason, out.language);
  return { outcome: 'warning', words: `${sentence} ${remedy}` };
}

async function hereOf({ system, out, state }: Agent) {
  const offset = (await state.read('service'))?.clockOffsetMs ?? 0;
  const now = system.now().add({ milliseconds: Math.round(offset) });
  return { now, language: out.language, timeZone: Temporal.Now.timeZoneId() };
}

function instantOf(text: string | undefined): Temporal.Instant | undefined {
  return text === undefined ? undefined : Temporal.Instant.from(text);
}

/** "CN=Example Root" of a subject with one member a line. */
function nameOf(subject: string): string {
  return /^CN=(.*)$/m.exec(subject)?.[1] ?? subject.replaceAll('\n', ', ');
}

/** What starts a backup, as the system itself calls it. */
const SCHEDULES: Readonly<Record<ScheduleKind, Text>> = {
  systemd: { en: 'systemd', de: 'systemd' },
  cron: { en: 'cron', de: 'cron' },
  taskScheduler: { en: 'Task Scheduler', de: 'Aufgabenplanung' },
};

const TEXTS = {
  en: {
    loopback: 'not needed, the service is on this PC',
    systemStore: "trusted by this PC's own store",
    ownAuthority: 'signed by {name} of the enrollment, until {date}',
    damagedAuthority:
      'What this PC keeps of the authority is not what the link named. Connect this PC again: carryover enroll LINK',
    clockFine: 'right',
    neverRead: 'not read yet',
    nothingHere: 'no policy is written here',
    contradiction: '{member}: {kept}, holds; it contradicts {lost}.',
    version: 'version',
    read: 'read',
    mayBoth: 'can back up and restore',
    noSchedule: 'not installed. Install it: carryover schedule install',
    next: 'next',
    idle: 'idle: nothing may be backed up now',
    none: 'none',
    elevated: 'the task "Carryover elevated" changes what only an administrator may',
    notElevated:
      'no task changes what only an administrator may. As administrator: carryover schedule install --for-everyone',
  },
  de: {
    loopback: 'nicht nötig, der Dienst ist auf diesem PC',
    systemStore: 'vom Speicher dieses PCs bestätigt',
    ownAuthority: 'ausgestellt von {name} der Registrierung, bis {date}',
    damagedAuthority:
      'Die gespeicherte Zertifizierungsstelle ist nicht die des Links. Verbinden Sie diesen PC neu: carryover enroll LINK',
    clockFine: 'richtig',
    neverRead: 'noch nicht gelesen',
    nothingHere: 'hier steht keine Richtlinie',
    contradiction: '{member}: Es gilt {kept}; das widerspricht {lost}.',
    version: 'Version',
    read: 'gelesen',
    mayBoth: 'kann sichern und wiederherstellen',
    noSchedule: 'nicht eingerichtet. Einrichten: carryover schedule install',
    next: 'nächste',
    idle: 'ruht: zurzeit darf nichts gesichert werden',
    none: 'keiner',
    elevated: 'die Aufgabe „Carryover elevated“ ändert, was nur ein Administrator darf',
    notElevated:
      'keine Aufgabe ändert, was nur ein Administrator darf. Als Administrator: carryover schedule install --for-everyone',
  },
} as const;
