/**
 * What the environment decides for the agent, read once.
 *
 * Everything else comes from the enrollment (state) or the organization (policy): a device is not configured by hand.
 */

import { KnownError } from '@carryover/model/errors';
import type { Language } from '@carryover/model/reasons';
import { amongSources, type Installed } from './installed.ts';

export interface Config {
  /** LC_ALL, LC_MESSAGES or LANG: German when it starts with "de", else English. */
  readonly language: Language;
  /** CARRYOVER_TIMEOUT_SECONDS: how long a request may stay without an answer, in milliseconds. Default 30 s. */
  readonly requestTimeoutMs: number;
  /** CARRYOVER_SIGN_IN_MINUTES: how long to wait for the person in the browser, in milliseconds. Default 10 min. */
  readonly signInTimeoutMs: number;
  /** CARRYOVER_LAUNCHER: absolute path of what the schedule calls. Default: what was installed. */
  readonly launcher: string;
  /** CARRYOVER_PAGES: folder of the built restore and settings pages (installed.ts). Default: what was installed. */
  readonly pagesFolder: string;
  /** The compiled catalog (installed.ts). */
  readonly catalogFile: string;
  /**
   * CARRYOVER_POLICY_FOLDER: where policy files lie. Default: /etc/carryover/policy.d, where only root's count; in
   * another folder, which is for trying out, one's own count as well.
   */
  readonly policyPlaces: { readonly folder: string; readonly owners: readonly number[] };
}

/** Errors: invalidRequest that names every variable at fault. */
export function configFrom(
  env: Readonly<Record<string, string | undefined>>,
  installed: Installed = amongSources(),
): Config {
  const faults: string[] = [];
  const positive = (name: string, fallback: number): number => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = Number(text);
    if (!(value > 0 && value < 1e6)) faults.push(`${name} must be a number above 0, not "${text}".`);
    return value;
  };
  const config: Config = {
    language: languageFrom(env),
    requestTimeoutMs: positive('CARRYOVER_TIMEOUT_SECONDS', 30) * 1000,
    signInTimeoutMs: positive('CARRYOVER_SIGN_IN_MINUTES', 10) * 60_000,
    launcher: env['CARRYOVER_LAUNCHER'] || installed.launcher,
    pagesFolder: env['CARRYOVER_PAGES'] || installed.pagesFolder,
    catalogFile: installed.catalogFile,
    policyPlaces: policyPlacesFrom(env['CARRYOVER_POLICY_FOLDER']),
  };
  if (faults.length > 0) throw new KnownError('invalidRequest', faults.join(' '));
  return config;
}

const ROOT = 0;

function policyPlacesFrom(folder: string | undefined): Config['policyPlaces'] {
  if (!folder) return { folder: '/etc/carryover/policy.d', owners: [ROOT] };
  return { folder: folder.replace(/(?<=.)\/+$/, ''), owners: [ROOT, process.getuid?.() ?? ROOT] };
}

/**
 * The language of a person with this environment: the first variable that is set decides, as in setlocale(3). Windows
 * sets none; there it is the language of the person's formats.
 */
export function languageFrom(env: Readonly<Record<string, string | undefined>>): Language {
  const named = [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find((value) => value !== undefined && value !== '');
  const locale = named ?? (process.platform === 'win32' ? new Intl.DateTimeFormat().resolvedOptions().locale : '');
  return /^de\b|^de_/i.test(locale) ? 'de' : 'en';
}
