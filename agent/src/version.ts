/** The version of the agent, as every request says it and `carryover --version` prints it. */

import agent from '../package.json' with { type: 'json' };

export const AGENT_VERSION: string = agent.version;
