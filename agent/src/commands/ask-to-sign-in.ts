/** Asks the person at this terminal to sign in. Loaded only when that is needed. */

import { openBrowser } from '../client/browser.ts';
import type { ServiceClock } from '../client/clock.ts';
import type { Proofs } from '../client/dpop.ts';
import type { Http } from '../client/http.ts';
import { type SignedIn, signIn } from '../client/sign-in.ts';
import type { DeviceResource } from '../client/tokens.ts';
import type { Agent } from './agent.ts';
import type { Connected } from './connection.ts';

export interface AskedFor {
  readonly resources: readonly [DeviceResource, ...DeviceResource[]];
  readonly http: Http;
  readonly proofs: Proofs;
  readonly clock: ServiceClock;
}

/** Errors: those of signIn. */
export async function askToSignIn(
  { system, config, out }: Pick<Agent, 'system' | 'config' | 'out'>,
  { issuer, userId, userPrincipalName }: Pick<Connected, 'issuer' | 'userId' | 'userPrincipalName'>,
  { resources, ...parts }: AskedFor,
): Promise<SignedIn> {
  return signIn(resources, {
    ...parts,
    issuer,
    language: out.language,
    person: userId === undefined || userPrincipalName === undefined ? undefined : { userId, userPrincipalName },
    timeoutMs: config.signInTimeoutMs,
    open: (url) => openBrowser(system, url),
    say: (sentence) => out.note(sentence),
  });
}
