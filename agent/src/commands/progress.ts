/** Progress for the long commands: on a terminal only. Piped or with --json they are quiet until the result. */

import type { Out } from './agent.ts';
import { type Progress, progressOn } from './terminal.ts';

const QUIET: Progress = { running: () => undefined, line: () => undefined, end: () => undefined };

export function progressFor(out: Out, json: boolean): Progress {
  return out.isTerminal && !json ? progressOn(out) : QUIET;
}
