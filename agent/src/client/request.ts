/**
 * One request of the device API with the right to make it: the session after a check-in while it lasts, else an access
 * token with a proof.
 *
 * A refusal that the agent itself can mend is mended once: a session that ran out, a clock that was believed wrongly, a
 * nonce the service wants, a token that ended early. Any other refusal is thrown as the KnownError it stands for.
 */

import type { SessionGrant } from '@carryover/model/wire';
import { AGENT_VERSION_HEADER } from '@carryover/model/wire';
import type { State } from '../state/state.ts';
import { AGENT_VERSION } from '../version.ts';
import { innerCodeOf, refusalFrom, succeeded } from './answer.ts';
import type { ServiceClock } from './clock.ts';
import type { Proofs } from './dpop.ts';
import type { Http, HttpAnswer } from './http.ts';
import { type Session, sessionFrom } from './session.ts';
import type { DeviceResource, TokenSource } from './tokens.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below /device/v1, starting with a slash. */
  readonly path: string;
  readonly resource: DeviceResource;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string | undefined;
}

export interface RequestParts {
  readonly serviceUrl: string;
  readonly http: Http;
  readonly proofs: Proofs;
  readonly tokens: TokenSource;
  readonly clock: ServiceClock;
  readonly state: State;
  readonly monotonicMs: () => number;
}

export interface Requests {
  /** Errors: the service's KnownError; serviceUnreachable; unauthenticated. */
  send(request: ApiRequest): Promise<HttpAnswer>;
  urlOf(path: string): URL;
  /** Requests of the backup resource go by this session from now on. */
  startSession(grant: SessionGrant): void;
}

interface Authorization {
  readonly authorization: string;
  readonly dpop?: string;
}

type Remedy = 'withoutSession' | 'clock' | 'nonce' | 'renew';

/** A clock offset is written down when it moved by more than this, in milliseconds. */
const CLOCK_MOVED_MS = 5000;

export function requestsOf(parts: RequestParts): Requests {
  const base = parts.serviceUrl.replace(/\/+$/, '');
  const urlOf = (path: string) => new URL(`${base}/device/v1${path}`);
  let session: Session | undefined;
  let keptOffsetMs = parts.clock.offsetMs;

  const authorization = async (request: ApiRequest, url: URL, renew: boolean): Promise<Authorization> => {
    const { method, body, resource } = request;
    const bySession = resource === 'backup' ? session?.authorization({ method, url, body }) : undefined;
    if (bySession !== undefined) return { authorization: bySession };
    const accessToken = await parts.tokens.accessToken(resource, { renew });
    return { authorization: `DPoP ${accessToken}`, dpop: parts.proofs.proof({ method, url, accessToken }) };
  };

  const keepClock = async () => {
    if (Math.abs(parts.clock.offsetMs - keptOffsetMs) < CLOCK_MOVED_MS) return;
    keptOffsetMs = parts.clock.offsetMs;
    const service = await parts.state.read('service');
    if (service !== undefined) await parts.state.write('service', { ...service, clockOffsetMs: keptOffsetMs });
  };

  return {
    urlOf,
    startSession(grant) {
      session = sessionFrom(grant, parts.monotonicMs);
    },
    async send(request) {
      const url = urlOf(request.path);
      const tried = new Set<Remedy>();
      for (;;) {
        const headers = {
          accept: 'application/json',
          [AGENT_VERSION_HEADER]: AGENT_VERSION,
          ...request.headers,
          ...(await authorization(request, url, tried.has('renew'))),
        };
        const answer = await parts.http.request({ method: request.method, url, headers, body: request.body });
        parts.proofs.learnNonce('api', answer.headers['dpop-nonce']);
        await keepClock();
        if (succeeded(answer)) return answer;
        const remedy = remedyFor(answer, headers.authorization);
        if (remedy === undefined || tried.has(remedy)) throw refusalFrom(answer, url);
        tried.add(remedy);
        if (remedy === 'withoutSession') session = undefined;
      }
    },
  };
}

/** What may help against a refusal. The clock and the nonce have been learned from the answer already. */
function remedyFor(answer: HttpAnswer, authorization: string): Remedy | undefined {
  if (answer.status !== 401) return undefined;
  const inner = innerCodeOf(answer);
  if (authorization.startsWith('CarryoverSession')) return 'withoutSession';
  if (inner === 'clockSkew') return 'clock';
  if (inner === 'useDpopNonce' || /error="use_dpop_nonce"/.test(answer.headers['www-authenticate'] ?? ''))
    return 'nonce';
  return 'renew';
}
