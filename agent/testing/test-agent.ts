/** An agent on a machine in memory, with a person who signs in when a browser is opened. */

import { readFile } from 'node:fs/promises';
import type { DeviceFacts } from '@carryover/model/device';
import type { Language } from '@carryover/model/reasons';
import type { Catalog } from '@carryover/model/setting';
import type { Agent, Out } from '../src/commands/agent.ts';
import { agentOn } from '../src/commands/real-agent.ts';
import { configFrom } from '../src/config.ts';
import type { RunResult } from '../src/system/system.ts';
import { type MemorySystem, memorySystem, type ProgramRun } from './memory-system.ts';
import { type Browser, browser } from './person-in-browser.ts';

export const DEVICE: DeviceFacts = {
  name: 'EXA-LT-0417',
  platform: 'linux',
  build: 'debian 12 gnome 43.9',
  osName: 'Debian GNU/Linux 12 (bookworm), GNOME 43',
  machineHash: 'c0'.repeat(32),
  agentVersion: '0.1.0',
};

export interface CapturedOut extends Out {
  readonly lines: string[];
  readonly notes: string[];
  readonly objects: unknown[];
}

export interface TestAgent extends Agent {
  readonly system: MemorySystem;
  readonly out: CapturedOut;
  readonly person: Browser;
}

export interface TestAgentOptions {
  /** The device's clock; it stands still. Default: ten years before now. */
  readonly now?: Temporal.Instant;
  readonly language?: Language;
  /** False: there is no browser here. */
  readonly browser?: boolean;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether what is for everyone may be changed. Default false. */
  readonly administrator?: boolean;
  /** Default false. */
  readonly isAccountHome?: boolean;
  /** Programs of this machine beside the browser. */
  readonly programs?: (run: ProgramRun, system: MemorySystem) => RunResult | undefined;
}

export function testAgent(options: TestAgentOptions = {}): TestAgent {
  const person = browser();
  const tenYearsAgo = Temporal.Now.instant().subtract({ hours: 24 * 3653 });
  const system = memorySystem({
    now: options.now ?? tenYearsAgo,
    administrator: options.administrator ?? false,
    isAccountHome: options.isAccountHome ?? false,
    env: options.browser === false ? {} : { BROWSER: 'person', ...options.env },
    run(run, machine) {
      const { program, args } = run;
      if (program !== 'sh' && !program.endsWith('\\rundll32.exe')) return options.programs?.(run, machine);
      const opened = args.at(-1) ?? '';
      // Not awaited: a browser is not waited for either. What goes wrong there shows as a sign-in that never returns.
      if (opened.startsWith('http')) person.visit(new URL(opened)).catch(() => undefined);
      return { exit: 0, stdout: '', stderr: '' };
    },
  });
  const out = capturedOut(options.language ?? 'en');
  const config = configFrom({ CARRYOVER_TIMEOUT_SECONDS: '20', CARRYOVER_SIGN_IN_MINUTES: '0.5' });
  const agent = agentOn({ system, out, config });
  // Part of the program, which is not on this machine's disk.
  const catalog = async () => JSON.parse(await readFile(config.catalogFile, 'utf8')) as Catalog;
  const builds = async () => (await catalog()).gates;
  return { ...agent, system, out, person, catalog, builds, device: async () => DEVICE };
}

export function capturedOut(language: Language): CapturedOut {
  const [lines, notes, objects]: [string[], string[], unknown[]] = [[], [], []];
  return {
    lines,
    notes,
    objects,
    language,
    isTerminal: false,
    colour: false,
    columns: 80,
    signs: { done: 'ok', warning: '!', failed: 'x', same: '=', change: '->', running: '*' },
    line: (text) => void lines.push(text),
    note: (text) => void notes.push(text),
    progress: () => undefined,
    json: (value) => void objects.push(value),
  };
}
