/**
 * Finds the command for a word, runs it, and turns how it ended into an exit code and a last sentence.
 *
 * A command is loaded when its word is asked for and not before: the scheduled run pays for nothing but itself.
 */

import { ERRORS, KnownError } from '@carryover/model/errors';
import type { Agent, Out } from './agent.ts';
import { nearest } from './nearest.ts';
import { isWord, WORDS, type WordName } from './words.ts';

interface Command {
  run(args: readonly string[], agent: Agent): Promise<void>;
}

const COMMANDS: Readonly<Record<WordName, () => Promise<Command>>> = {
  enroll: () => import('./enroll.ts'),
  setup: () => import('./setup.ts'),
  'first-desktop': () => import('./first-desktop.ts'),
  status: () => import('./status.ts'),
  remember: () => import('./remember.ts'),
  backup: () => import('./backup.ts'),
  'run-due': () => import('./run-due.ts'),
  schedule: () => import('./schedule.ts'),
  profiles: () => import('./profiles.ts'),
  plan: () => import('./plan.ts'),
  restore: () => import('./restore.ts'),
  undo: () => import('./undo.ts'),
  history: () => import('./history.ts'),
  settings: () => import('./settings.ts'),
  doctor: () => import('./doctor.ts'),
  'update-system': () => import('./update-system.ts'),
  unenroll: () => import('./unenroll.ts'),
  'apply-elevated': () => import('./apply-elevated.ts'),
};

/** Runs what `argv` (without program names) asks for. Returns the exit code. Errors: none; they become words and a code. */
export async function runCommandLine(argv: readonly string[], out: Out, agentFor: () => Agent): Promise<number> {
  const json = argv.includes('--json');
  try {
    await dispatch(argv, out, agentFor);
    return 0;
  } catch (error) {
    return ended(error, out, json);
  }
}

async function dispatch(argv: readonly string[], out: Out, agentFor: () => Agent): Promise<void> {
  const [first, ...args] = argv;
  if (first === '--version') return out.line(await version());
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const { helpOf, helpOfAll } = await import('./help.ts');
    const topic = args[0];
    return out.line(topic !== undefined && isWord(topic) ? helpOf(topic, out.language) : helpOfAll(out.language));
  }
  if (!isWord(first)) throw unknownWord(first);
  if (args.includes('--help') || args.includes('-h')) {
    const { helpOf } = await import('./help.ts');
    return out.line(helpOf(first, out.language));
  }
  const command = await COMMANDS[first]();
  await command.run(args, agentFor());
}

function unknownWord(typed: string): KnownError {
  const close = nearest(typed, Object.keys(WORDS));
  const hint = close === undefined ? 'All of them: carryover --help' : `Did you mean: carryover ${close}`;
  return new KnownError('invalidRequest', `There is no command "${typed}". ${hint}`, { inner: 'usage' });
}

/** With --json the error is the last line of standard output, in the form the service uses. */
async function ended(error: unknown, out: Out, json: boolean): Promise<number> {
  if (!(error instanceof KnownError)) {
    if (json) out.json({ error: { code: 'generalException', message: String(error) } });
    out.note(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  }
  // What was partly done has said its result already, with everything that is to be known.
  if (json && error.code === 'partlyDone') return ERRORS[error.code].exit;
  if (json) {
    const innerError = { ...(error.inner === undefined ? {} : { code: error.inner }), details: error.details };
    out.json({ error: { code: error.code, message: error.message, innerError } });
  } else {
    const { errorLines } = await import('./error-lines.ts');
    for (const line of errorLines(error, out)) out.note(line);
  }
  return ERRORS[error.code].exit;
}

async function version(): Promise<string> {
  const { AGENT_VERSION } = await import('../version.ts');
  return `carryover ${AGENT_VERSION}`;
}
