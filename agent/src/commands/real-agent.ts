/**
 * The parts of the agent on this machine, put together for one command. Each is made when it is first asked for.
 */

import { KnownError } from '@carryover/model/errors';
import type { Catalog } from '@carryover/model/setting';
import type { Client } from '../client/client.ts';
import { type Config, configFrom } from '../config.ts';
import { type Installed, installedPart } from '../installed.ts';
import { fileState } from '../state/state.ts';
import { realSystem } from '../system/real.ts';
import type { System } from '../system/system.ts';
import type { Agent, Out } from './agent.ts';

/** Errors: invalidRequest and notAllowed when the environment is not fit to run in. */
export function realAgent(out: Out, env: NodeJS.ProcessEnv, installed: Installed): Agent {
  return agentOn({ system: realSystem(env), config: configFrom(env, installed), out });
}

export interface AgentParts {
  readonly system: System;
  readonly config: Config;
  readonly out: Out;
}

/** An agent on any machine, a real one or one for tests. */
export function agentOn({ system, config, out }: AgentParts): Agent {
  const state = fileState(system, (sentence) => out.note(`${out.signs.warning} ${sentence}`));
  const catalog = once(async () => {
    const text = await installedPart(system, config.catalogFile);
    if (text === undefined)
      throw new KnownError('missingPart', `The catalog is missing: ${config.catalogFile}. Install carryover again.`);
    return JSON.parse(Buffer.from(text).toString()) as Catalog;
  });
  const catalogGates = async () => (await catalog()).gates;
  const clients = new Map<boolean, Promise<Client>>();
  return {
    system,
    state,
    config,
    out,
    catalog,
    builds: catalogGates,
    device: once(async () => {
      const [{ deviceFacts }, { AGENT_VERSION }] = await Promise.all([
        import('../system/device-facts.ts'),
        import('../version.ts'),
      ]);
      return deviceFacts(system, AGENT_VERSION);
    }),
    async client({ maySignIn = true } = {}) {
      const known = clients.get(maySignIn);
      if (known !== undefined) return known;
      const enrollment = await state.read('enrollment');
      const key = await state.read('device-key');
      if (enrollment === undefined || key === undefined) throw notEnrolled();
      const { connect } = await import('./connection.ts');
      const made = connect({ system, state, config, out }, enrollment, { key, maySignIn });
      clients.set(maySignIn, made);
      return made;
    },
  };
}

/** The error of every command that needs an enrollment. */
export function notEnrolled(): KnownError {
  return new KnownError(
    'notEnrolled',
    'This PC is not connected to an organization yet. Connect it: carryover enroll LINK',
  );
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
