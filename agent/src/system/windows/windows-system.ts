/**
 * The machine this runs on, when it is a Windows.
 *
 * Paths have slashes here as everywhere in the agent, which Windows takes as well; names of variables are in capitals,
 * because Windows does not tell them apart. Everything but the first look is loaded when it is needed.
 */

import { KnownError } from '@carryover/model/errors';
import type { System } from '../system.ts';
import type { Koffi } from './koffi.ts';

const writing = () => import('./own-files.ts');

/**
 * The machine as the person of `env` sees it: their profile folder is home.
 * Errors: invalidRequest when a variable that Windows sets for everyone is missing.
 */
export function windowsSystem(variables: Readonly<Record<string, string | undefined>>): System {
  const env = inCapitals(variables);
  const home = folderOf(env, 'USERPROFILE');
  const stateFolder = `${folderOf(env, 'LOCALAPPDATA')}/Carryover`;
  const systemFolder = `${folderOf(env, 'PROGRAMDATA')}/Carryover`;
  const roots = { home, stateFolder };
  const forEveryone = { home: systemFolder, stateFolder: systemFolder };
  const koffi = once(async () => (await import('./koffi.ts')).loadKoffi(stateFolder));
  const registry = registryOf(koffi);
  return {
    home,
    stateFolder,
    systemFolder,
    runtimeFolder: undefined,
    isAccountHome: true,
    env,
    registry,
    processes: processesOf(koffi),
    handOver: handOverOf(koffi, systemFolder),
    vault: vaultOf(koffi),
    isMetered: async () => (await import('./network-cost.ts')).isMeteredByWindows(await koffi()),
    async notify(notice) {
      await (await import('./notice.ts')).tellWindows(await koffi(), registry, notice);
    },
    async run(program, args, options = {}) {
      const { runProgram } = await import('../run-program.ts');
      return runProgram(program, args, { ...options, env: { ...this.env, ...options.env } });
    },
    facts: async (path) => (await import('./looking.ts')).factsOf(path),
    readFile: async (path) => (await import('./looking.ts')).readFile(path),
    realPath: async (path) => (await import('./looking.ts')).realPath(path),
    list: async (path) => (await import('./looking.ts')).list(path),
    writeFile: async (path, content) => (await writing()).writeOwn(roots, path, content),
    createFile: async (path, content) => (await writing()).createOwn(roots, path, content),
    appendLine: async (path, line) => (await writing()).appendOwn(roots, path, line),
    async removeFile(path) {
      if ((await this.facts(path)) !== undefined) await (await writing()).removeOwn(roots, path);
    },
    async writeForEveryone(path, content) {
      await asAdministrator(path, async () => (await writing()).writeOwn(forEveryone, path, content));
    },
    async removeForEveryone(path) {
      if ((await this.facts(path)) === undefined) return;
      await asAdministrator(path, async () => (await writing()).removeOwn(forEveryone, path));
    },
    temporaryFolder: async () => (await import('../temporary-folder.ts')).temporaryFolder(stateFolder),
    async start(program, args) {
      return (await import('../start-program.ts')).startProgram(program, args, this.env);
    },
    now: () => Temporal.Now.instant(),
    monotonicMs: () => performance.now(),
  };
}

/** Registry functions are found once, with the first question. */
function registryOf(koffi: () => Promise<Koffi>): NonNullable<System['registry']> {
  const door = once(async () => {
    const [{ windowsRegistry }, { advapiFrom }] = await Promise.all([import('./registry.ts'), import('./advapi.ts')]);
    return windowsRegistry(advapiFrom(await koffi()));
  });
  return {
    values: async (hive, key) => (await door()).values(hive, key),
    keys: async (hive, key) => (await door()).keys(hive, key),
    set: async (hive, key, value) => (await door()).set(hive, key, value),
    remove: async (hive, key, name) => (await door()).remove(hive, key, name),
    removeEmptyKey: async (hive, key) => (await door()).removeEmptyKey(hive, key),
    mayWrite: async (hive, key) => (await door()).mayWrite(hive, key),
  };
}

function processesOf(koffi: () => Promise<Koffi>): NonNullable<System['processes']> {
  const door = once(async () => (await import('./processes.ts')).windowsProcesses(await koffi()));
  return {
    openerOf: async (connection) => (await door()).openerOf(connection),
    accountOf: async (pid) => (await door()).accountOf(pid),
    startOf: async (pid) => (await door()).startOf(pid),
  };
}

function handOverOf(koffi: () => Promise<Koffi>, systemFolder: string): NonNullable<System['handOver']> {
  const door = once(async () => {
    const [{ windowsHandOver }, { securityIdFrom }] = await Promise.all([
      import('./hand-over.ts'),
      import('../security-id.ts'),
    ]);
    const self = once(async () => {
      const account = await processesOf(koffi).accountOf(process.pid);
      return account === undefined ? undefined : securityIdFrom(Buffer.from(account, 'hex'));
    });
    return windowsHandOver(await koffi(), { systemFolder, self });
  });
  return {
    isThere: async () => (await door()).isThere(),
    make: async () => (await door()).make(),
    remove: async () => (await door()).remove(),
    put: async (name, content) => (await door()).put(name, content),
    withdraw: async (name) => (await door()).withdraw(name),
    answer: async (name) => (await door()).answer(name),
    removeAnswer: async (name) => (await door()).removeAnswer(name),
    waiting: async () => (await door()).waiting(),
    take: async (name, maxBytes) => (await door()).take(name, maxBytes),
    reply: async (name, content, person) => (await door()).reply(name, content, person),
    forgetAnswers: async (before) => (await door()).forgetAnswers(before),
  };
}

function vaultOf(koffi: () => Promise<Koffi>): NonNullable<System['vault']> {
  const door = once(async () => (await import('./data-protection.ts')).dataProtection(await koffi()));
  return {
    seal: async (content) => (await door()).seal(content),
    open: async (sealed) => (await door()).open(sealed),
  };
}

function inCapitals(variables: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name.toUpperCase(), value]));
}

function folderOf(env: Readonly<Record<string, string | undefined>>, name: string): string {
  const folder = env[name]?.replaceAll('\\', '/').replace(/\/+$/, '');
  if (folder !== undefined && /^[A-Za-z]:\/./.test(folder)) return folder;
  throw new KnownError('invalidRequest', `${name} is not set to a folder. Windows sets it when you sign in.`);
}

async function asAdministrator(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    if (!['EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    throw new KnownError('notAllowed', `Only an administrator may change ${path}. Run this as administrator.`, {
      inner: 'needsAdministrator',
      cause,
    });
  }
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
