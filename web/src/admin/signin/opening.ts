/**
 * From opening the admin center to a session: the answer of a sign-in is taken, or the sign-in is asked without a question.
 *
 * Which organization: the only one of the service, or the one of the domain behind the @ of a user name; the domain is
 * remembered in this browser, the name is not. A tab keeps to its own, whatever another tab was used for since.
 */

import type { PersonName, SignInPlace } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import { createGraph } from '../../shared/graph.ts';
import type { Session } from '../session.tsx';
import { answerFrom, hasAnswer, signInAddress } from './authorization.ts';

const DOMAIN_KEPT_AS = 'carryover.domain';
const HOME = '/admin';

export type Opening =
  | { readonly kind: 'session'; readonly session: Session }
  /** The browser is on its way to the service and comes back. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'signIn'; readonly place: SignInPlace; readonly returnTo: string }
  | { readonly kind: 'noOrganization' }
  | { readonly kind: 'whichOrganization'; readonly returnTo: string };

export type PlaceFound =
  | { readonly kind: 'place'; readonly place: SignInPlace }
  | { readonly kind: 'noOrganization' }
  | { readonly kind: 'organizationUnknown' };

/**
 * Opens what `url` asks for. `onOver` is called when the sign-in has ended while the page was open.
 *
 * Errors: KnownError unauthenticated for an answer that does not belong here, serviceUnreachable, and those of Graph.
 */
export async function openSession(url: URL, onOver: () => void): Promise<Opening> {
  if (!hasAnswer(url)) return enter(`${url.pathname}${url.search}`);
  // Taken out of the address first: a code works once, and what is reloaded or copied shall not carry one.
  window.history.replaceState(null, '', HOME);
  const answer = await answerFrom(url);
  const returnTo = answer.kind === 'signedIn' ? answer.signedIn.returnTo : answer.returnTo;
  window.history.replaceState(null, '', ownAddress(returnTo));
  if (answer.kind === 'notSignedIn') {
    const found = await findPlace(rememberedDomain());
    if (found.kind === 'place') return { kind: 'signIn', place: found.place, returnTo };
    return found.kind === 'noOrganization' ? { kind: 'noOrganization' } : { kind: 'whichOrganization', returnTo };
  }
  const { place, token, userId, signOutAddress } = answer.signedIn;
  const graph = createGraph({
    token: (refused) =>
      token(refused).catch((error: unknown) => {
        if (error instanceof KnownError && error.code === 'unauthenticated') onOver();
        throw error;
      }),
  });
  const [me, roles] = await Promise.all([
    graph.get<PersonName>('/v1.0/me'),
    graph.all<{ readonly displayName: string }>('/v1.0/me/memberOf'),
  ]);
  const person = { id: userId, displayName: me.displayName, userPrincipalName: me.userPrincipalName };
  const signOut = () => window.location.assign(signOutAddress());
  return {
    kind: 'session',
    session: { person, roles: roles.map(({ displayName }) => displayName), place, graph, signOut },
  };
}

async function enter(returnTo: string): Promise<Opening> {
  const found = await findPlace(rememberedDomain());
  if (found.kind === 'noOrganization') return { kind: 'noOrganization' };
  if (found.kind === 'organizationUnknown') return { kind: 'whichOrganization', returnTo };
  await leaveFor(found.place, { returnTo, silent: true });
  return { kind: 'leaving' };
}

/** Goes to the sign-in. Errors: KnownError serviceUnreachable. */
export async function leaveFor(
  place: SignInPlace,
  how: { readonly returnTo: string; readonly silent: boolean },
): Promise<void> {
  window.location.assign(await signInAddress(place, how));
}

/** Errors: KnownError serviceUnreachable, tooManyRequests. */
export async function findPlace(domain: string | undefined): Promise<PlaceFound> {
  // The answer needs no token, and an empty one is refused by nobody.
  const publicly = createGraph({ token: async () => '' });
  try {
    return { kind: 'place', place: await publicly.get<SignInPlace>('/admin/organization', { query: { domain } }) };
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'itemNotFound') throw error;
    return { kind: error.inner === 'noOrganization' ? 'noOrganization' : 'organizationUnknown' };
  }
}

/** What stands behind the @; undefined when there is none. */
export function domainOf(userName: string): string | undefined {
  const [, domain] = /^[^@\s]+@([^@\s]+)$/.exec(userName.trim()) ?? [];
  return domain?.toLowerCase();
}

/** For this tab, and for the next one that is opened. */
export function rememberDomain(domain: string): void {
  try {
    window.sessionStorage.setItem(DOMAIN_KEPT_AS, domain);
    window.localStorage.setItem(DOMAIN_KEPT_AS, domain);
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}

/** Somebody was asked for it, so that there are several organizations; undefined otherwise. */
export function rememberedDomain(): string | undefined {
  try {
    const domain = window.sessionStorage.getItem(DOMAIN_KEPT_AS) ?? window.localStorage.getItem(DOMAIN_KEPT_AS);
    if (domain !== null) window.sessionStorage.setItem(DOMAIN_KEPT_AS, domain);
    return domain ?? undefined;
  } catch {
    return undefined;
  }
}

/** An address of the admin center; its start for any other. */
function ownAddress(address: string): string {
  const { origin, pathname, search } = new URL(address, window.location.origin);
  const own = origin === window.location.origin && /^\/admin(\/|$)/.test(pathname);
  return own ? `${pathname}${search}` : HOME;
}
