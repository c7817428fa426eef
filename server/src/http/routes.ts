/**
 * The table of routes: who may call what. The service does not start while a route states no rule.
 *
 * The matrix test is made from this table, so a new route is tested for the wrong tenant, person and token by itself.
 */

import type { FastifyInstance, RouteOptions } from 'fastify';
import type { Access } from './caller.ts';

export interface RouteEntry {
  readonly method: string;
  /** With its parameters, e.g. "/device/v1/devices/:deviceId/check-ins". */
  readonly url: string;
  readonly access: Access;
}

const tables = new WeakMap<FastifyInstance['server'], RouteEntry[]>();

/** Collects every route registered from here on. Errors: ready() rejects, naming the routes without `config.access`. */
export function collectRoutes(app: FastifyInstance): readonly RouteEntry[] {
  const seen: RouteOptions[] = [];
  const table: RouteEntry[] = [];
  tables.set(app.server, table);
  app.addHook('onRoute', (route) => {
    seen.push(route);
  });
  app.addHook('onReady', async () => {
    const without = seen
      .filter(({ config }) => config?.access === undefined)
      .map(({ method, url }) => `${method} ${url}`);
    if (without.length > 0) throw new Error(`Routes that do not say who may call them: ${without.join(', ')}`);
    for (const { method, url, config } of seen) {
      if (config?.access === undefined) continue;
      for (const one of [method].flat()) table.push({ method: one, url, access: config.access });
    }
  });
  return table;
}

/** Every route of a started app, in order of registration. */
export function routeTable(app: FastifyInstance): readonly RouteEntry[] {
  return tables.get(app.server) ?? [];
}

/** Methods that the address knows; none when nothing is there. */
export function allowedMethods(routes: readonly RouteEntry[], url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  return [...new Set(routes.filter((route) => patternOf(route.url).test(path)).map(({ method }) => method))].toSorted();
}

function patternOf(url: string): RegExp {
  const pattern = url
    .split('/')
    .map((segment) => {
      if (segment === '*') return '.*';
      if (segment.startsWith(':')) return '[^/]+';
      return segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    })
    .join('/');
  return new RegExp(`^${pattern}$`);
}
