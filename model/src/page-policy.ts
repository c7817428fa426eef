/**
 * What a browser may do on one of our pages made of scripts: the admin center, the restore page, the settings page.
 *
 * Scripts, fonts, pictures and requests only of the page's own origin, nothing inline. The one exception is what Fluent's
 * style renderer writes: its style elements carry a nonce that is new with every answer.
 *
 * Pure. Both the service and the device's loopback server send it. Source: CSP Level 3.
 */

/** Stands in the built pages where the nonce of an answer goes. */
export const NONCE_PLACEHOLDER = 'NONCE-OF-THIS-ANSWER';

/** Base64 of at least 16 random bytes: nothing else may go into the header. */
const NONCE = /^[A-Za-z0-9+/_-]{20,}={0,2}$/;

/**
 * The content-security-policy of an answer whose page carries `nonce`.
 *
 * Errors: Error when `nonce` is no base64 of 16 bytes or more; it must be made anew for each answer.
 */
export function pageContentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${checked(nonce)}'`,
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** The page as sent: `template` is a page of the build, its placeholders become `nonce`. Errors: as the policy's. */
export function pageWithNonce(template: string, nonce: string): string {
  return template.replaceAll(NONCE_PLACEHOLDER, checked(nonce));
}

function checked(nonce: string): string {
  if (!NONCE.test(nonce)) throw new Error('The nonce of a page must be base64 of at least 16 random bytes');
  return nonce;
}
