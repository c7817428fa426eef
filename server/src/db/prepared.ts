/**
 * Statements of hot paths: built and compiled once per database, then only filled in.
 *
 * Building and compiling a query costs about as much as running it on SQLite; a filled-in statement costs a tenth.
 * A prepared query is of one shape: it may not depend on its values (no lists of varying length, no optional parts).
 *
 *   const findUnit = prepared((db, at: { userId: string; unitId: string }) =>
 *     db.selectFrom('units').select('state').where('user_id', '=', at.userId).where('unit_id', '=', at.unitId));
 *   const row = yield* firstOf(findUnit({ userId, unitId }));        in a command
 *   const [row] = await readRows(store, findUnit({ userId, unitId }));  elsewhere (read.ts)
 *
 * Source: server-figures, section 3 (Kysely compiled once against compiled each time).
 */

import type { Compilable, CompiledQuery } from 'kysely';
import type { Builder, Query } from './command.ts';
import type { Schema } from './schema.ts';

/** Stands for a value while a query is built. */
class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

export function prepared<Values extends object, Row, Tables = Schema>(
  build: (db: Builder<Tables>, values: Values) => Compilable<Row>,
): (values: Values) => Query<Row, Tables> {
  const compiled = new WeakMap<object, CompiledQuery<Row>>();
  const names = new Proxy({} as Values, { get: (_, name) => new Placeholder(String(name)) });
  return (values) => (db) => {
    let query = compiled.get(db);
    if (query === undefined) {
      query = build(db, names).compile();
      compiled.set(db, query);
    }
    return { ...query, parameters: query.parameters.map((parameter) => filled(parameter, values)) };
  };
}

function filled(parameter: unknown, values: object): unknown {
  if (!(parameter instanceof Placeholder)) return parameter;
  const value = (values as Record<string, unknown>)[parameter.name];
  if (value === undefined) throw new TypeError(`A prepared query lacks its value "${parameter.name}".`);
  return value;
}
