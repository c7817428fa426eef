/**
 * Applying 500 settings through the agent's dconf mechanism, against the same dconf commands run by a shell: dump,
 * list-locks, load -f, dump.
 *
 * Ours is a fresh process less the time of a Node that does nothing, taken right beside it: what is compared is the
 * work, not the runtime's start. It is started as the launcher starts the agent: one file that is compared with its
 * sources first, and compiled code that is kept from run to run. Both write to one private desktop, and every run changes
 * all 500 keys.
 */

import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Desktop, desktop } from '../agent/testing/desktop.ts';
import { placeOneFile } from '../scripts/one-file.ts';
import { CATALOG, keyfileOf, SCHEMA, valuesOf } from './apply-dconf/keys.ts';
import type { Benchmark } from './benchmark.ts';
import { interleave } from './interleave.ts';

const ROOT = join(import.meta.dirname, '..');

/** As the launcher starts it. */
const NODE_OPTIONS = ['--min-semi-space-size=16'];

/** $1 the profile of the person's own layer, $2 the values to load, $3 a folder for what is printed. */
const BY_HAND = `set -e
DCONF_PROFILE="$1" dconf dump / >"$3/before"
dconf list-locks / >"$3/locks"
dconf load -f / <"$2"
DCONF_PROFILE="$1" dconf dump / >"$3/after"
`;

export const benchmark: Benchmark = {
  name: 'apply-dconf',
  against: 'four dconf commands in a shell',
  unit: 's',
  promise: { atMost: 1.5 },
  async run() {
    const place = await desktop({ schemas: { 'org.example.many.gschema.xml': SCHEMA } });
    // Its sources are looked for two folders above.
    const folder = join(ROOT, '.node', `apply-dconf-${process.pid}`);
    try {
      const entry = 'bench/apply-dconf/apply.ts';
      return await measured(place, await placeOneFile({ entry, folder, name: 'apply' }, ROOT));
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await place.close();
    }
  },
};

function measured({ home, env }: Desktop, program: string) {
  const files = ([0, 1] as const).map((set) => {
    const plan = valuesOf(set).map(({ setting, text }) => ({ id: setting.id, raw: text }));
    writeFileSync(join(home, `items-${set}.json`), JSON.stringify({ catalog: CATALOG, plan }));
    writeFileSync(join(home, `values-${set}`), keyfileOf(set));
    return { items: join(home, `items-${set}.json`), values: join(home, `values-${set}`) };
  });
  const profile = join(home, 'own-layer');
  writeFileSync(profile, `file-db:${home}/.config/dconf/user\n`);
  const script = join(home, 'by-hand.sh');
  writeFileSync(script, BY_HAND);
  let turn = 0;
  const next = () => files[turn++ % files.length] ?? { items: '', values: '' };
  const cached = { ...env, NODE_COMPILE_CACHE: join(home, 'compile-cache') };
  const seconds = (command: string, args: readonly string[]) => secondsOf(command, args, cached);
  return interleave({
    runs: 31,
    ours: async () =>
      seconds(process.execPath, [...NODE_OPTIONS, program, next().items]) - seconds(process.execPath, ['-e', '0']),
    theirs: async () => seconds('sh', [script, profile, next().values, home]),
  });
}

function secondsOf(command: string, args: readonly string[], env: Desktop['env']): number {
  const startedAtMs = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', env: { ...env } });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return (performance.now() - startedAtMs) / 1000;
}
