/**
 * The link an administrator gives out: which service, which organization, and what to trust.
 *
 * `{service}/enroll/{tenant id}#token=…&pin=…`: what stands after the number sign never travels to any server by itself.
 */

import { KnownError } from '@carryover/model/errors';

export interface EnrollmentLink {
  readonly serviceUrl: string;
  readonly tenantId: string;
  readonly issuer: string;
  /** Makes the device joined, whoever signs in. */
  readonly token?: string;
  /** SHA-256 of the public key of the service's authority, hex. */
  readonly pin?: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Errors: invalidRequest that says what is wrong with the link. */
export function enrollmentLinkFrom(text: string): EnrollmentLink {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    throw unusable('It is not a web address. A link looks like https://backup.example.org/enroll/…');
  const { prefix, tenantId = '' } = /^(?<prefix>.*)\/enroll\/(?<tenantId>[^/]+)\/?$/.exec(url.pathname)?.groups ?? {};
  if (prefix === undefined) throw unusable('It names no organization: "/enroll/" and an id are missing at its end.');
  if (!UUID.test(tenantId)) throw unusable(`"${tenantId}" is not the id of an organization.`);
  const facts = new URLSearchParams(url.hash.slice(1));
  const [token, pin] = [facts.get('token') || undefined, facts.get('pin') || undefined];
  if (pin !== undefined && !/^[0-9a-f]{64}$/i.test(pin)) throw unusable('Its "pin" is cut short or damaged.');
  const serviceUrl = `${url.origin}${prefix}`;
  return {
    serviceUrl,
    tenantId: tenantId.toLowerCase(),
    issuer: `${serviceUrl}/${tenantId.toLowerCase()}/v2.0`,
    ...(token === undefined ? {} : { token }),
    ...(pin === undefined ? {} : { pin: pin.toLowerCase() }),
  };
}

function unusable(sentence: string): KnownError {
  return new KnownError(
    'invalidRequest',
    `This link cannot be used. ${sentence} Ask IT for the link, and copy all of it.`,
    {
      inner: 'link',
    },
  );
}
