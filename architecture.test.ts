/**
 * Who may import whom. The tables are the architecture; this test keeps them true.
 *
 * A part is a folder directly under a workspace's src/. Files lying in src/ itself (main.ts, config.ts …) wire the parts
 * together and may import any part of their workspace. Tests and testing/ folders are free.
 */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';

/** Every part may import the model besides. Data moves down a page: nothing here forms a circle. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  'agent/system': [],
  'agent/settings': ['agent/system'],
  'agent/policy': ['agent/system', 'agent/settings'],
  'agent/state': ['agent/system'],
  'agent/apps': ['agent/system', 'agent/settings'],
  'agent/client': ['agent/system', 'agent/state'],
  'agent/updates': ['agent/system', 'agent/state', 'agent/client'],
  'agent/history': ['agent/system', 'agent/state'],
  'agent/schedule': ['agent/system', 'agent/state'],
  'agent/elevated': ['agent/system', 'agent/settings', 'agent/schedule'],
  'agent/capture': ['agent/system', 'agent/settings', 'agent/state', 'agent/apps', 'agent/client'],
  'agent/restore': [
    'agent/system',
    'agent/settings',
    'agent/state',
    'agent/apps',
    'agent/client',
    'agent/history',
    'agent/capture',
  ],
  'agent/pages': [
    'agent/system',
    'agent/settings',
    'agent/state',
    'agent/apps',
    'agent/client',
    'agent/history',
    'agent/schedule',
    'agent/capture',
    'agent/restore',
    'agent/updates',
  ],
  'agent/commands': [
    'agent/system',
    'agent/settings',
    'agent/policy',
    'agent/state',
    'agent/apps',
    'agent/client',
    'agent/history',
    'agent/schedule',
    'agent/capture',
    'agent/restore',
    'agent/updates',
    'agent/pages',
    'agent/elevated',
  ],

  'server/db': [],
  'server/keys': ['server/db'],
  'server/http': ['server/db', 'server/keys'],
  'server/audit': ['server/db', 'server/http'],
  'server/directory': ['server/db', 'server/http', 'server/audit'],
  'server/tenants': ['server/db', 'server/http', 'server/keys', 'server/audit', 'server/directory'],
  'server/policies': ['server/db', 'server/http', 'server/audit', 'server/directory'],
  'server/autopilot': ['server/db', 'server/http', 'server/audit', 'server/directory', 'server/policies'],
  'server/standing': ['server/db', 'server/policies'],
  'server/preferences': ['server/db', 'server/http', 'server/audit', 'server/policies', 'server/standing'],
  'server/snapshots': ['server/db', 'server/http', 'server/keys', 'server/audit', 'server/standing'],
  'server/profiles': ['server/db', 'server/http', 'server/keys', 'server/audit', 'server/standing', 'server/snapshots'],
  'server/devices': [
    'server/db',
    'server/http',
    'server/keys',
    'server/audit',
    'server/directory',
    'server/tenants',
    'server/policies',
    'server/autopilot',
    'server/standing',
    'server/preferences',
    'server/profiles',
  ],
  'server/restores': [
    'server/db',
    'server/http',
    'server/keys',
    'server/audit',
    'server/standing',
    'server/profiles',
    'server/devices',
    'server/snapshots',
  ],
  'server/graph': [
    'server/db',
    'server/http',
    'server/keys',
    'server/audit',
    'server/directory',
    'server/tenants',
    'server/policies',
    'server/devices',
    'server/snapshots',
    'server/profiles',
    'server/restores',
  ],
  'server/insight': [
    'server/db',
    'server/http',
    'server/audit',
    'server/directory',
    'server/tenants',
    'server/policies',
  ],
  'server/signin': [
    'server/db',
    'server/http',
    'server/keys',
    'server/audit',
    'server/directory',
    'server/tenants',
    'server/policies',
  ],
  // A command line for administrators: a client of the service, which knows nothing of its inside.
  'server/operator': [],

  'web/shared': [],
  'web/admin': ['web/shared'],
  'web/restore': ['web/shared'],
  'web/settings': ['web/shared'],
};

/** Outside things that only these parts may touch, so that everything else runs in a test without them. */
const DOORS: Record<string, readonly string[]> = {
  'node:child_process': ['agent/system', 'server/operator'],
  'node:fs': ['agent/system', 'server', 'server/db', 'server/keys', 'server/operator'],
  'node:fs/promises': ['agent/system', 'server', 'server/db', 'server/keys', 'server/operator'],
  'node:sqlite': ['server/db'],
  pg: ['server/db'],
  'oidc-provider': ['server/signin'],
  commander: ['agent/commands'],
};

/** Parts whose every file may be imported by the parts that may import them; any other is entered by the file of its name. */
const LIBRARIES = ['agent/system', 'agent/state', 'agent/client', 'server/db', 'server/http', 'web/shared'];

/** Further files by which a part may be entered. */
const SIDE_ENTRANCES: Record<string, readonly string[]> = {
  'agent/apps': ['equivalent-app.ts'],
  'agent/settings': [
    'mechanism.ts',
    'home-template.ts',
    'dconf-layers.ts',
    'dconf-locked.ts',
    'registry-raw.ts',
    'registry-elevated.ts',
  ],
  'agent/pages': [
    'local-routes.ts',
    'local-server.ts',
    'menu-entry.ts',
    'restore-choice.ts',
    'restore-flow.ts',
    'restore-routes.ts',
    'settings-flow.ts',
    'settings-routes.ts',
  ],
  'agent/restore': ['choose.ts', 'journal.ts', 'occasions.ts', 'plan.ts', 'report.ts', 'take-back.ts'],
  'agent/elevated': ['ask.ts', 'in-place.ts'],
  'agent/schedule': ['autostart.ts', 'elevated-task.ts', 'task-scheduler.ts'],
  'agent/updates': ['too-old.ts'],
  'server/directory': ['membership.ts', 'passwords.ts', 'roles.ts'],
  'server/keys': ['sealing.ts'],
  'server/policies': [
    'device-policies.ts',
    'join-settings.ts',
    'local-policy.ts',
    'restore-page.ts',
    'store.ts',
    'targets.ts',
  ],
  'server/standing': ['rows.ts'],
};

/** Files that lie with one part and stand below others: what a person may do on a device is asked by all contexts. */
const STANDS_APART: Record<string, string> = { 'server/src/devices/standing.ts': 'server/standing' };

interface Import {
  readonly file: string;
  readonly target: string;
}

const ROOT = import.meta.dirname;

const files = globSync('{model,agent,server,web}/src/**/*.{ts,tsx}', { cwd: ROOT }).filter(
  (file) => !/\.test\.tsx?$/.test(file),
);

const imports: Import[] = files.flatMap((file) =>
  [...readFileSync(join(ROOT, file), 'utf8').matchAll(/(?:from|import|import\()\s*'([^']+)'/g)].map((match) => ({
    file,
    target: resolve(file, match[1] ?? ''),
  })),
);

/** '@carryover/model/profile' and '../x.ts' become paths in the repository; other names stay as they are. */
function resolve(file: string, specifier: string): string {
  if (specifier.startsWith('.')) return join(dirname(file), specifier);
  return specifier.replace(/^@carryover\/(\w+)\/(.*)$/, '$1/src/$2.ts');
}

/** 'server/src/snapshots/store.ts' -> 'server/snapshots', 'server/src/app.ts' -> 'server', 'pino' -> undefined. */
function partOf(path: string): string | undefined {
  if (STANDS_APART[path] !== undefined) return STANDS_APART[path];
  const [, workspace, folder] = /^(\w+)\/src\/(?:([\w-]+)\/)?/.exec(path) ?? [];
  return folder === undefined ? workspace : `${workspace}/${folder}`;
}

function mayImport(from: string, to: string, target: string): boolean {
  const [workspace] = from.split('/');
  const wiresItsOwnParts = from === workspace && to.startsWith(`${workspace}/`);
  // What the whole workspace shares lies beside main.ts: its configuration, its version.
  const readsWhatAllShare = to === workspace && !/\/(main|app)\.ts$/.test(target);
  const allowed = [...(MAY_IMPORT[from] ?? []), ...(workspace === 'model' ? [] : ['model'])];
  return from === to || wiresItsOwnParts || readsWhatAllShare || allowed.includes(to);
}

function broken(rule: (found: Import) => boolean): string[] {
  return imports.filter(rule).map(({ file, target }) => `${file} imports ${target}`);
}

test('the imports were found', () => {
  assert.ok(imports.length > 100, `only ${imports.length} imports in ${files.length} files`);
});

test('every part imports only the parts it may', () => {
  assert.deepEqual(
    broken(({ file, target }) => {
      const [from, to] = [partOf(file), partOf(target)];
      return from !== undefined && to !== undefined && !mayImport(from, to, target);
    }),
    [],
  );
});

test('every part is in the table', () => {
  const parts = new Set(files.map(partOf).filter((part) => part?.includes('/')));
  assert.deepEqual(
    [...parts].filter((part) => part !== undefined && !(part in MAY_IMPORT)),
    [],
  );
});

test('the table has no circle: each part stands below those that may import it', () => {
  const parts = Object.keys(MAY_IMPORT);
  const upward = Object.entries(MAY_IMPORT).flatMap(([from, allowed]) =>
    allowed.filter((to) => parts.indexOf(to) >= parts.indexOf(from)).map((to) => `${from} imports ${to}`),
  );
  assert.deepEqual(upward, []);
});

test('the model depends on nothing', () => {
  assert.deepEqual(
    broken(({ file, target }) => file.startsWith('model/') && !target.startsWith('model/')),
    [],
  );
});

test('a part is entered by the file that bears its name, or by a side entrance', () => {
  assert.deepEqual(
    broken(({ file, target }) => {
      const [from, to] = [partOf(file), partOf(target)];
      if (!from?.includes('/') || !to?.includes('/') || from === to || LIBRARIES.includes(to)) return false;
      const [, folder] = to.split('/');
      const name = target.slice(target.lastIndexOf('/') + 1);
      return name !== `${folder}.ts` && !SIDE_ENTRANCES[to]?.includes(name);
    }),
    [],
  );
});

test('each outside thing has one door', () => {
  assert.deepEqual(
    broken(({ file, target }) => DOORS[target] !== undefined && !DOORS[target].includes(partOf(file) ?? '')),
    [],
  );
});
