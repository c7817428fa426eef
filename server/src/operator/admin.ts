/**
 * `carryover admin …`: what administrators do from a terminal, each an ordinary Graph call after a sign-in.
 *
 * The door of this context. Nothing here touches the databases: it works from any machine that reaches the service, and
 * the administrator's roles decide. With --json one line on stdout holds the result or the error.
 */

import { randomInt } from 'node:crypto';
import { ERRORS, KnownError } from '@carryover/model/errors';
import { type Graph, openGraph } from './graph.ts';
import { type Host, processHost } from './host.ts';
import { forgetSignIn, keepSignIn } from './kept-sign-in.ts';
import { organizationFrom, signIn } from './sign-in.ts';
import {
  backupSwitch,
  deviceCodeAllowed,
  mayAllJoin,
  type PolicySwitch,
  type RestoreSwitch,
  restoreSwitch,
  switchBackup,
  switchDeviceCode,
  switchJoining,
  switchRestore,
} from './switches.ts';
import { help, isAll, isOn, numberOf, type Parsed, parsed, type WordName } from './words.ts';

/** What a command found or did: for programs, and in words. */
interface Result {
  readonly json: object;
  readonly lines: readonly string[];
}

/** Runs one command. Returns the exit code (model/errors.ts). Errors: none; they become words and a code. */
export async function runAdmin(args: readonly string[], host: Host = processHost()): Promise<number> {
  const json = args.includes('--json');
  if (args.length === 0 || args.includes('--help') || args[0] === 'help') {
    host.line(help());
    return args.length === 0 ? ERRORS.invalidRequest.exit : 0;
  }
  try {
    const asked = parsed(args);
    const result = await COMMANDS[asked.word](asked, host);
    if (json) host.line(JSON.stringify(result.json));
    else for (const line of result.lines) host.line(line);
    return 0;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    const { code, message, inner, details } = error;
    if (json) host.line(JSON.stringify({ error: { code, message, innerError: { code: inner, details } } }));
    else host.note(`${host.signs.failed} ${message}`);
    return ERRORS[code].exit;
  }
}

type Command = (asked: Parsed, host: Host) => Promise<Result>;

const COMMANDS: Readonly<Record<WordName, Command>> = {
  'set-up': async ({ arguments: [service = 'http://127.0.0.1:8080'] }) => {
    const url = `${service.replace(/\/+$/, '')}/admin/setup`;
    return {
      json: { url },
      lines: [url, 'Open it in a browser; it asks for a code. To make one, on the server: carryover setup-code'],
    };
  },

  'sign-in': async ({ arguments: [link = ''] }, host) => {
    const kept = await signIn(organizationFrom(link), host);
    await keepSignIn(host.file, kept);
    const { tenantId, serviceUrl, userPrincipalName } = kept;
    return {
      json: { tenantId, serviceUrl, userPrincipalName },
      lines: [`${host.signs.done} Signed in as ${userPrincipalName}`, 'Next: carryover admin status'],
    };
  },

  'sign-out': async (_, host) => {
    await forgetSignIn(host.file);
    return { json: { signedOut: true }, lines: [`${host.signs.done} This machine has forgotten your sign-in`] };
  },

  status: async (_, host) => {
    const graph = await openGraph(host.file);
    const [organization, backup, restore, all, codes, chain] = await Promise.all([
      graph.list<{ displayName: string }>('/v1.0/organization'),
      backupSwitch(graph),
      restoreSwitch(graph),
      mayAllJoin(graph),
      codesAllowed(graph),
      graph.get<{ entries: number; brokenAt?: number }>('/beta/carryover/auditChain'),
    ]);
    const name = organization[0]?.displayName ?? '';
    const { userPrincipalName, tenantId, serviceUrl } = graph.signIn;
    return {
      json: {
        organization: name,
        tenantId,
        serviceUrl,
        userPrincipalName,
        backup,
        restore,
        joining: all ? 'all' : 'none',
        deviceCodeAllowed: codes,
        audit: chain,
      },
      lines: [
        `${name}   ${serviceUrl}`,
        userPrincipalName,
        '',
        ...backupLines(backup, host),
        ...restoreLines(restore, host),
        joiningLine(all),
        ...(codes === undefined ? [] : [deviceCodeLine(codes)]),
        chain.brokenAt === undefined
          ? `${host.signs.done} Audit log      unbroken, ${counted(chain.entries, 'event')}`
          : `${host.signs.failed} Audit log      broken at event ${chain.brokenAt}: somebody changed it past the service`,
        `  For PCs        ${linkOf(graph)}`,
      ],
    };
  },

  backup: async ({ arguments: [state] }, host) => {
    const on = isOn(state);
    const backup = await switchBackup(await openGraph(host.file), on);
    return { json: { backup }, lines: backupLines(backup, host) };
  },

  restore: async ({ arguments: [state] }, host) => {
    const on = isOn(state);
    const restore = await switchRestore(await openGraph(host.file), on);
    return {
      json: { restore },
      lines: [...restoreLines(restore, host), 'The restore page is shown on PCs that enroll from now on.'],
    };
  },

  joining: async ({ arguments: [who] }, host) => {
    const asked = isAll(who);
    const all = await switchJoining(await openGraph(host.file), asked);
    return {
      json: { joining: all ? 'all' : 'none' },
      lines: [joiningLine(all), 'This counts for PCs that enroll from now on.'],
    };
  },

  'device-code': async ({ arguments: [state] }, host) => {
    const on = isOn(state);
    const allowed = await switchDeviceCode(await openGraph(host.file), on);
    return { json: { deviceCodeAllowed: allowed }, lines: [deviceCodeLine(allowed)] };
  },

  'person add': async ({ arguments: [userPrincipalName = '', displayName = ''], flags }, host) => {
    const password = await passwordFor(flags, host);
    const graph = await openGraph(host.file);
    const { id } = await graph.send<{ id: string }>('POST', '/v1.0/users', {
      accountEnabled: true,
      displayName,
      userPrincipalName,
      mailNickname: userPrincipalName.split('@')[0] ?? '',
      passwordProfile: { password: password.text, forceChangePasswordNextSignIn: password.mustChange },
    });
    return {
      json: { id, userPrincipalName, displayName, ...shown(password) },
      lines: [`${host.signs.done} ${displayName} can sign in as ${userPrincipalName}`, ...passwordLines(password)],
    };
  },

  'person reset': async ({ arguments: [userPrincipalName = ''], flags }, host) => {
    const password = await passwordFor(flags, host);
    const graph = await openGraph(host.file);
    await graph.send('PATCH', personPath(userPrincipalName), {
      passwordProfile: { password: password.text, forceChangePasswordNextSignIn: password.mustChange },
    });
    return {
      json: { userPrincipalName, ...shown(password) },
      lines: [
        `${host.signs.done} ${userPrincipalName} has a new password; all their sign-ins have ended`,
        ...passwordLines(password),
      ],
    };
  },

  'person disable': async ({ arguments: [name = ''] }, host) => {
    await (await openGraph(host.file)).send('PATCH', personPath(name), { accountEnabled: false });
    return {
      json: { userPrincipalName: name, accountEnabled: false },
      lines: [`${host.signs.done} ${name} is disabled`],
    };
  },

  'person enable': async ({ arguments: [name = ''] }, host) => {
    await (await openGraph(host.file)).send('PATCH', personPath(name), { accountEnabled: true });
    return {
      json: { userPrincipalName: name, accountEnabled: true },
      lines: [`${host.signs.done} ${name} can sign in`],
    };
  },

  'token create': async ({ values }, host) => {
    const [uses, days] = [numberOf(values['uses'], 1), numberOf(values['days'], 3)];
    const graph = await openGraph(host.file);
    const made = await graph.send<EnrollmentToken>('POST', TOKENS, { uses, expiresInHours: days * 24 });
    const link = linkOf(graph, made.token);
    return {
      json: { id: made.id, link, uses, expires: made.expirationDateTime },
      lines: [
        link,
        `For ${counted(uses, 'PC')}, until ${made.expirationDateTime.slice(0, 16).replace('T', ' ')} UTC. It is shown only now. On the PC: carryover enroll 'LINK'`,
      ],
    };
  },

  'token list': async (_, host) => {
    const tokens = await (await openGraph(host.file)).list<EnrollmentToken>(TOKENS);
    return {
      json: { value: tokens },
      lines:
        tokens.length === 0
          ? ['There are no enrollment links with a token that still work.']
          : tokens.map(
              ({ id, uses, expirationDateTime }) => `${id}   ${counted(uses, 'use')} left, until ${expirationDateTime}`,
            ),
    };
  },

  'token remove': async ({ arguments: [id = ''] }, host) => {
    await (await openGraph(host.file)).send('DELETE', `${TOKENS}/${encodeURIComponent(id)}`);
    return { json: { id }, lines: [`${host.signs.done} The link is worthless now`] };
  },
};

const TOKENS = '/beta/carryover/enrollmentTokens';

interface EnrollmentToken {
  readonly id: string;
  /** At creation only. */
  readonly token?: string;
  readonly uses: number;
  readonly expirationDateTime: string;
}

/** What stands after the number sign never travels to any server by itself. */
function linkOf({ signIn: { serviceUrl, tenantId, pin } }: Graph, token?: string): string {
  const facts = new URLSearchParams({
    ...(token === undefined ? {} : { token }),
    ...(pin === undefined ? {} : { pin }),
  });
  return `${serviceUrl}/enroll/${tenantId}${facts.size === 0 ? '' : `#${facts}`}`;
}

function personPath(userPrincipalName: string): string {
  return `/v1.0/users/${encodeURIComponent(userPrincipalName)}`;
}

function backupLines(backup: PolicySwitch, host: Host): string[] {
  return switchLines('Backup         ', backup, host);
}

function switchLines(label: string, { on, offBy, onBy }: PolicySwitch, { signs }: Host): string[] {
  if (on) return [`${signs.done} ${label}on, by ${quoted(onBy)}`];
  if (offBy.length === 0) return [`${signs.warning} ${label}off: no policy switches it on`];
  return [
    `${signs.warning} ${label}off, by ${quoted(offBy)}`,
    ...(onBy.length === 0 ? [] : [`    ${quoted(onBy)} says on, but off wins. Change or unassign the other.`]),
  ];
}

function restoreLines({ page, anytime }: RestoreSwitch, host: Host): string[] {
  const { signs } = host;
  const never = page === 'notConfigured' ? ': never switched on' : '';
  return [
    page === 'enabled' ? `${signs.done} Restore page   on` : `${signs.warning} Restore page   off${never}`,
    ...switchLines('Restore        ', anytime, host),
  ];
}

function joiningLine(all: boolean): string {
  return all
    ? '  Joining        everybody, by signing in'
    : '  Joining        only with an enrollment link: carryover admin token create';
}

function deviceCodeLine(on: boolean): string {
  return `  Device code    ${on ? 'allowed, for backups only' : 'not allowed'}`;
}

/** Undefined for those who may not see how people sign in. */
async function codesAllowed(graph: Graph): Promise<boolean | undefined> {
  try {
    return await deviceCodeAllowed(graph);
  } catch (error) {
    if (error instanceof KnownError && error.code === 'accessDenied') return undefined;
    throw error;
  }
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(', ');
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

interface Password {
  readonly text: string;
  /** Made here: shown once. */
  readonly made: boolean;
  readonly mustChange: boolean;
}

/** Errors: invalidRequest when standard input is empty. */
async function passwordFor(flags: ReadonlySet<string>, host: Host): Promise<Password> {
  const mustChange = !flags.has('keep-password');
  if (!flags.has('password-stdin')) return { text: madePassword(), made: true, mustChange };
  const text = (await host.read()).replace(/\r?\n$/, '');
  if (text === '')
    throw new KnownError('invalidRequest', 'There is no password on standard input.', { inner: 'usage' });
  return { text, made: false, mustChange };
}

/** 4 groups of 5 letters and digits that cannot be mistaken for one another: 99 bits. */
function madePassword(): string {
  const letters = 'abcdefghjkmnpqrstuvwxyz23456789';
  const group = () => Array.from({ length: 5 }, () => letters[randomInt(letters.length)]).join('');
  return Array.from({ length: 4 }, group).join('-');
}

function shown({ text, made }: Password): object {
  return made ? { password: text } : {};
}

function passwordLines({ text, made, mustChange }: Password): string[] {
  const next = mustChange ? ['At the next sign-in they choose one of their own.'] : [];
  return made ? [`  Password       ${text}`, '  It is shown only now.', ...next] : next;
}
