/**
 * A machine that is only looked at: reads are real, every change is told instead of made.
 *
 * What Carryover keeps in its own state folder is not the machine's: those writes are made, because reading needs them.
 */

import { isSameName, placeInWords, type Registry, type WindowsNotice } from './registry.ts';
import type { System } from './system.ts';

/** `tell` hears of every change in words, one at a time, e.g. "write /home/ada/.config/fontconfig/fonts.conf (312 bytes)". */
export function dryRun(system: System, tell: (change: string) => void): System {
  const isOwn = (path: string) => path.startsWith(`${system.stateFolder}/`);
  return {
    ...system,
    ...(system.registry === undefined ? {} : { registry: dryRegistry(system.registry, tell) }),
    ...(system.notify === undefined ? {} : { notify: async (notice) => tellOf(notice, tell) }),
    async run(program, args, options = {}) {
      if (options.readOnly === true) return system.run(program, args, options);
      tell(`run ${[program, ...args].join(' ')}`);
      return { exit: 0, stdout: '', stderr: '' };
    },
    async writeFile(path, content, mode) {
      if (isOwn(path)) return system.writeFile(path, content, mode);
      tell(`write ${path} (${Buffer.byteLength(content)} bytes)`);
    },
    async createFile(path, content, mode) {
      if (isOwn(path)) return system.createFile(path, content, mode);
      if ((await system.facts(path)) !== undefined) return false;
      tell(`create ${path} (${Buffer.byteLength(content)} bytes)`);
      return true;
    },
    async appendLine(path, line) {
      if (isOwn(path)) return system.appendLine(path, line);
      tell(`append to ${path}: ${line}`);
    },
    async removeFile(path) {
      if (isOwn(path)) return system.removeFile(path);
      if ((await system.facts(path)) !== undefined) tell(`remove ${path}`);
    },
    async writeForEveryone(path, content) {
      tell(`write ${path} (${Buffer.byteLength(content)} bytes)`);
    },
    async removeForEveryone(path) {
      if ((await system.facts(path)) !== undefined) tell(`remove ${path}`);
    },
    async start(program, args) {
      tell(`start ${[program, ...args].join(' ')}`);
      return { ended: Promise.resolve(), stop: async () => undefined };
    },
  };
}

function tellOf({ spi, broadcast }: WindowsNotice, tell: (change: string) => void): void {
  for (const { action } of spi) tell(`call SystemParametersInfo(${action})`);
  for (const text of broadcast) tell(`broadcast WM_SETTINGCHANGE "${text}"`);
}

function dryRegistry(registry: Registry, tell: (change: string) => void): Registry {
  return {
    ...registry,
    async set(hive, key, { name, bytes }) {
      tell(`set ${placeInWords(hive, key, name)} (${bytes.length} bytes)`);
    },
    async remove(hive, key, name) {
      const values = await registry.values(hive, key);
      const isThere = values?.some((value) => isSameName(value.name, name)) === true;
      if (isThere) tell(`remove ${placeInWords(hive, key, name)}`);
    },
    // A key is empty only after removals, which are not made.
    removeEmptyKey: async () => undefined,
  };
}
