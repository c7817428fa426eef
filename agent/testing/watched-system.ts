/**
 * The real machine with somebody watching: every change is noted, and a test may step in just before one.
 *
 * Changes are writes, appended lines, removals and programs that are not read-only, counted together from 0.
 */

import { realSystem } from '../src/system/real.ts';
import type { System } from '../src/system/system.ts';

export interface WatchedSystem extends System {
  /** Every change, in order, as "write PATH", "append PATH", "remove PATH" or "run PROGRAM ARGUMENTS". */
  readonly changes: string[];
  /** Programs started, also read-only ones. */
  readonly runs: string[];
}

type BeforeChange = (count: number, change: string) => void;

/** The machine as the person with this HOME sees it, without a session. */
export function watchedSystem(home: string, beforeChange?: BeforeChange): WatchedSystem {
  return watched(realSystem({ PATH: process.env['PATH'], HOME: home }), beforeChange);
}

export function watched(system: System, beforeChange?: BeforeChange): WatchedSystem {
  const changes: string[] = [];
  const runs: string[] = [];
  const changing = (change: string) => {
    beforeChange?.(changes.length, change);
    changes.push(change);
  };
  return {
    ...system,
    changes,
    runs,
    run(program, args, options = {}) {
      const line = [program, ...args].join(' ');
      runs.push(line);
      if (options.readOnly !== true) changing(`run ${line}`);
      return system.run(program, args, options);
    },
    writeFile(path, content, mode) {
      changing(`write ${path}`);
      return system.writeFile(path, content, mode);
    },
    createFile(path, content, mode) {
      changing(`write ${path}`);
      return system.createFile(path, content, mode);
    },
    appendLine(path, line) {
      changing(`append ${path}`);
      return system.appendLine(path, line);
    },
    writeForEveryone(path, content) {
      changing(`write ${path}`);
      return system.writeForEveryone(path, content);
    },
    removeForEveryone(path) {
      changing(`remove ${path}`);
      return system.removeForEveryone(path);
    },
    removeFile(path) {
      changing(`remove ${path}`);
      return system.removeFile(path);
    },
  };
}
