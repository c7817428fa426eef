/**
 * Signing in with a code on another device: for terminals without a browser, for backups only, and only where the
 * organization allows it.
 *
 * The person types the code that their terminal shows; a link never brings it along, because a link with a code in it is
 * how strangers get their own terminals signed in.
 *
 * Source: RFC 8628 (sections 3.3 and 5.4); docs/decisions/2026-11-25-device-code-switch.md.
 */

import { CLIENTS, RESOURCES } from '@carryover/model/wire';
import type { Configuration, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { deviceCodeDonePage, deviceCodePage, deviceConfirmPage, type Place } from './pages.ts';

const DEVICE_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

/** Seconds a code works: time to walk to another device. */
export const DEVICE_CODE_TTL = 15 * 60;

/** Below the issuer. */
export const DEVICE_CODE_ROUTES = { device_authorization: '/devicecode', code_verification: '/device' } as const;

const BACKUP = `api://${RESOURCES.backup}`;

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

export function deviceFlow(place: Omit<Place, 'language'>, enabled: boolean): DeviceFlow {
  const placeOf = (ctx: KoaContextWithOIDC): Place => ({ ...place, language: ctx.get('accept-language') });
  return {
    enabled,
    charset: 'base-20',
    mask: '****-****',
    userCodeInputSource: async (ctx, form, _out, error) => {
      ctx.body = deviceCodePage({ ...placeOf(ctx), ...partsOf(form), ...(error && { error: faultOf(error) }) });
    },
    userCodeConfirmSource: async (ctx, form, _client, _info, code) => {
      ctx.body = deviceConfirmPage({ ...placeOf(ctx), ...partsOf(form), code });
    },
    successSource: async (ctx) => {
      ctx.body = deviceCodeDonePage(placeOf(ctx));
    },
  };
}

/** The agent may use a code where it is allowed; no other client ever. */
export function grantTypesOf(clientId: string, deviceCodeAllowed: boolean): string[] {
  const always = ['authorization_code', 'refresh_token'];
  return deviceCodeAllowed && clientId === CLIENTS.agent ? [...always, DEVICE_CODE_GRANT] : always;
}

/** Whether this request is part of a sign-in with a code. */
export function isByDeviceCode({ oidc }: KoaContextWithOIDC): boolean {
  return oidc.route === 'device_authorization' || oidc.entities.DeviceCode !== undefined;
}

export function isForBackup(indicator: string): boolean {
  return indicator === BACKUP;
}

/** What the provider answers beyond what is wanted, put right on its way out. */
export function tidyAnswers(provider: Provider, organization: string): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as KoaContextWithOIDC;
    const answer = ctx.body as Record<string, unknown> | undefined;
    if (oidc?.route === 'device_authorization' && answer !== undefined) delete answer['verification_uri_complete'];
    // Switched off while somebody walked to another device.
    if (answer?.['error'] === 'unsupported_grant_type' && oidc?.params?.['grant_type'] === DEVICE_CODE_GRANT)
      ctx.body = notAllowedAnswer(organization);
  });
}

/** RFC 6749 section 5.2: what a program is told. */
export function notAllowedAnswer(organization: string) {
  return {
    error: 'access_denied',
    error_description: `${organization} does not allow signing in with a code on another device`,
  };
}

/** The address and the secret of the provider's own form; the rest of it is not used. */
function partsOf(form: string): { readonly action: string; readonly secret: string; readonly userCode: string } {
  const found = (pattern: RegExp) => pattern.exec(form)?.[1] ?? '';
  return {
    action: found(/action="([^"]*)"/),
    secret: found(/name="xsrf" value="([^"]*)"/),
    userCode: found(/name="user_code" value="([^"]*)"/),
  };
}

function faultOf(error: object): 'codeWrong' | 'codeCancelled' {
  return 'name' in error && error.name === 'AbortedError' ? 'codeCancelled' : 'codeWrong';
}
