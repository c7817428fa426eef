/**
 * The service's command line: `serve`, and what operators do beside it.
 *
 * What a command needs is loaded when it is asked for: an operator's command does not wait for the whole service.
 *
 * Exit codes are those of model/errors.ts; 0 is success, also after a stop by SIGTERM or SIGINT.
 */

import { ERRORS, KnownError } from '@carryover/model/errors';
import { type Config, configFrom } from './config.ts';
import { confirmAtTerminal } from './keys/deployment-key.ts';

const HELP = `Usage: carryover serve [--yes-i-have-a-copy]   start the service
       carryover setup-code [--json]           make a one-time code for setting up an organization
       carryover admin COMMAND                 what administrators do: carryover admin --help

The first start makes the deployment key and asks whether you have kept a copy; --yes-i-have-a-copy prints the copy and
goes on, for scripts. Settings are environment variables; see server/src/config.ts.
`;

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<void>>> = {
  serve: serveUntilStopped,
  'setup-code': printSetupCode,
  admin: async (args) => {
    const { runAdmin } = await import('./operator/admin.ts');
    process.exitCode = await runAdmin(args);
  },
};

async function serveUntilStopped(args: readonly string[]): Promise<void> {
  const [{ serve }, { createSetupCode, isEmpty }] = await Promise.all([
    import('./serve.ts'),
    import('./tenants/tenants.ts'),
  ]);
  const config = configFrom(process.env);
  const stopAsked = Promise.race(
    ['SIGTERM', 'SIGINT'].map((signal) => new Promise((resolve) => process.once(signal, resolve))),
  );
  const service = await serve({ config, confirmRecoveryCopy: recoveryCopyConfirmation(args) });
  // The code first, so that whoever waits for the last line has seen it.
  if (await isEmpty(service.store)) {
    const code = await createSetupCode(service.store, Temporal.Now.instant());
    console.log(`Nobody has an organization here yet. Open ${service.url}/admin/setup and enter this code: ${code}`);
  }
  console.log(`Carryover listens on ${service.url}`);
  await stopAsked;
  await service.stop();
}

async function printSetupCode(args: readonly string[]): Promise<void> {
  const [{ openDatabases }, { createSetupCode }] = await Promise.all([
    import('./serve.ts'),
    import('./tenants/tenants.ts'),
  ]);
  const config: Config = configFrom(process.env);
  const { store, keys } = await openDatabases(config, recoveryCopyConfirmation(args));
  try {
    const code = await createSetupCode(store, Temporal.Now.instant());
    console.log(args.includes('--json') ? JSON.stringify({ code }) : code);
  } finally {
    await store.close();
    await keys.close();
  }
}

function recoveryCopyConfirmation(args: readonly string[]): (copy: string) => Promise<boolean> {
  if (args.includes('--yes-i-have-a-copy'))
    return async (copy) => {
      console.error(`Deployment key (keep a copy away from this machine): ${copy}`);
      return true;
    };
  if (process.stdin.isTTY) return (copy) => confirmAtTerminal(copy, process.stdin, process.stderr);
  return async () => {
    console.error('The first start needs a terminal to confirm a copy of the deployment key, or --yes-i-have-a-copy.');
    return false;
  };
}

const [word = '', ...args] = process.argv.slice(2);
const command = COMMANDS[word];
try {
  if (command === undefined) {
    console.error(HELP);
    process.exitCode = word === 'help' || word === '--help' ? 0 : ERRORS.invalidRequest.exit;
  } else {
    await command(args);
  }
} catch (error) {
  console.error(error instanceof KnownError ? error.message : error);
  process.exitCode = error instanceof KnownError ? ERRORS[error.code].exit : 1;
}
