/**
 * `carryover enroll LINK`: connects this PC to an organization and signs the person in.
 *
 * How that is done is connect-device.ts; this file reads what was typed and says what came of it.
 */

import { enrollmentLinkFrom } from '../client/enrollment-link.ts';
import type { EnrollmentState } from '../state/state.ts';
import type { Agent } from './agent.ts';
import { askToSignIn } from './ask-to-sign-in.ts';
import { connectDevice, prepareConnection, textOf } from './connect-device.ts';
import { reasonLines } from './terminal.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('enroll', args);
  const link = enrollmentLinkFrom(positionals[0] ?? '');
  const enrolled = await agent.state.exclusively(async () => {
    const token = (link.token ?? (await textOf(agent, values['token-file'])))?.trim();
    const connecting = await prepareConnection(agent, {
      link,
      token,
      ca: values.ca,
      byItself: values['no-schedule'] !== true,
    });
    const { service, proofs, network } = connecting;
    const asked = { resources: ['enrollment', 'backup'], proofs, ...network } as const;
    return connectDevice(agent, connecting, () => askToSignIn(agent, service, asked));
  });
  const byItself = (await agent.state.read('schedule')) !== undefined;
  say(agent, enrolled, { byItself, json: values.json ?? false });
}

function say(
  { out }: Agent,
  enrolled: EnrollmentState,
  { byItself, json }: { readonly byItself: boolean; readonly json: boolean },
): void {
  const { organization, userPrincipalName, joinType, deviceId, profileId, tenantId, userId } = enrolled;
  if (json) {
    out.json({ organization, tenantId, deviceId, profileId, joinType, userId, userPrincipalName });
    return;
  }
  const { connected, next, nextByHand, both } = TEXTS[out.language];
  out.line(`${out.signs.done} ${connected.replace('{org}', organization).replace('{person}', userPrincipalName)}`);
  // A registered PC is connected, and what to do about it is said before anything is tried in vain.
  const notJoined = { code: 'notJoined', facts: { org: organization } } as const;
  for (const line of joinType === 'registered'
    ? reasonLines(out, notJoined, { label: both })
    : [`  ${byItself ? next.replace('{org}', organization) : nextByHand}`])
    out.line(line);
}

const TEXTS = {
  en: {
    connected: 'This PC is connected to {org} for {person}',
    both: 'Backup and restore',
    next: 'Backs up by itself from now on, when {org} allows it. At once: carryover backup',
    nextByHand: 'Back up now: carryover backup    By itself from now on: carryover schedule install',
  },
  de: {
    connected: 'Dieser PC ist mit {org} verbunden, für {person}',
    both: 'Sicherung, Wiederherstellung',
    next: 'Sichert ab jetzt von selbst, wenn {org} es erlaubt. Sofort: carryover backup',
    nextByHand: 'Jetzt sichern: carryover backup    Ab jetzt von selbst: carryover schedule install',
  },
} as const;
