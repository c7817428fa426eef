/**
 * What the blocked step says: the documented titles, what is safe, what the person can do, and what IT needs.
 *
 * Pure. Source: product.md R13 (the two titles), screens.md (Restore: blocked).
 */

import type { LocalFault, RestoreView } from '@carryover/model/local-pages';
import { wordsOf } from '@carryover/model/reasons';
import { fullTime } from '../shared/when.ts';
import type { Here } from './speech.ts';

/** Refusals of the service that are about the device and not about the person. */
const ABOUT_THE_DEVICE = ['deviceNotCompliant', 'deviceQuarantined', 'deviceRevoked', 'deviceUnknown', 'policy'];

interface Advice {
  readonly title: string;
  readonly how: string;
}

export interface Detail {
  readonly name: string;
  readonly value: string;
  /** Ids and codes are set apart and never cut. */
  readonly isCode: boolean;
}

export interface Obstacle {
  readonly title: string;
  readonly lead: string;
  readonly safe: string;
  readonly advice: readonly Advice[];
  readonly details: readonly Detail[];
}

type Kind = 'access' | 'here' | 'device' | 'stopped';

export function obstacleFrom(view: RestoreView, fault: LocalFault, here: Here): Obstacle {
  const { say } = here;
  const kind = kindOf(fault);
  return {
    title: say(`restore.blocked.${kind}`),
    lead: leadOf(kind, view, fault, here),
    safe: say(kind === 'stopped' ? 'restore.blocked.safeStopped' : 'restore.blocked.safeMore'),
    advice: adviceFor(kind, view, fault, here),
    details: detailsFor(view, fault, here),
  };
}

/** For pasting into a message: one line a detail. */
export function detailsText(details: readonly Detail[]): string {
  return details.map(({ name, value }) => `${name}: ${value}`).join('\n');
}

/** What is wrong and what to do: every reason with its remedy, else the fault's own sentence. */
export function faultSentence({ code, reasons, message }: LocalFault, { language, say }: Here): string {
  if (reasons.length === 0) return code === 'serviceUnreachable' ? say('restore.offlineConnect') : message;
  return reasons
    .map((one) => wordsOf(one, language))
    .map(({ reason, remedy }) => `${reason} ${remedy}`)
    .join(' ');
}

function kindOf({ code, inner = '', reasons }: LocalFault): Kind {
  if (reasons.length > 0) return 'device';
  if (ABOUT_THE_DEVICE.includes(inner)) return 'here';
  if (code === 'accessDenied') return 'access';
  return code === 'notAllowed' ? 'device' : 'stopped';
}

function leadOf(kind: Kind, { organization = '' }: RestoreView, fault: LocalFault, here: Here): string {
  const { say, language } = here;
  if (kind === 'access' && organization !== '') return say('restore.blocked.accessLead', { org: organization });
  if (kind === 'here' && organization !== '') return say('restore.blocked.hereLead', { org: organization });
  const reasons = fault.reasons.map((reason) => wordsOf(reason, language).reason);
  return reasons.length > 0 ? reasons.join(' ') : fault.message;
}

function adviceFor(kind: Kind, { mode }: RestoreView, { reasons }: LocalFault, { say, language }: Here): Advice[] {
  const remedies = reasons.map((reason) => {
    const words = wordsOf(reason, language);
    return { title: words.remedy, how: words.reason };
  });
  const again = { title: say('restore.blocked.again'), how: say('restore.blocked.againHow') };
  const later = { title: say('restore.blocked.later'), how: say('restore.blocked.laterHow') };
  const askIt = { title: say('restore.blocked.askIt'), how: say('restore.blocked.askItHow') };
  return [...(kind === 'stopped' ? [again] : []), ...remedies, ...(mode === 'setup' ? [later] : []), askIt];
}

function detailsFor({ device, person }: RestoreView, fault: LocalFault, here: Here): Detail[] {
  const { say, language } = here;
  const codes = [fault.code, fault.inner, ...fault.reasons.map(({ code }) => code)].filter(
    (code) => code !== undefined,
  );
  return [
    { name: say('restore.fact.code'), value: codes.join(', '), isCode: true },
    ...(fault.requestId === undefined
      ? []
      : [{ name: say('restore.fact.request'), value: fault.requestId, isCode: true }]),
    { name: say('restore.fact.message'), value: fault.message, isCode: false },
    ...fault.reasons.map((reason) => ({
      name: say('restore.fact.reason'),
      value: wordsOf(reason, language).reason,
      isCode: false,
    })),
    { name: say('restore.fact.device'), value: device.name, isCode: false },
    ...(person === undefined
      ? []
      : [{ name: say('restore.fact.account'), value: person.userPrincipalName, isCode: false }]),
    { name: say('restore.fact.time'), value: fullTime(fault.at, here), isCode: false },
  ];
}
