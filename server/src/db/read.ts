/** Reads by prepared queries (prepared.ts): for what every request of a device asks. */

import type { Query, Store } from './command.ts';

export async function readRows<Row, Tables>(store: Store<Tables>, query: Query<Row, Tables>): Promise<readonly Row[]> {
  const compilable = query(store.read);
  const compiled = 'compile' in compilable ? compilable.compile() : compilable;
  if (store.readNow !== undefined) return store.readNow(compiled) as readonly Row[];
  return (await store.read.executeQuery(compiled)).rows;
}

export async function readFirst<Row, Tables>(
  store: Store<Tables>,
  query: Query<Row, Tables>,
): Promise<Row | undefined> {
  return (await readRows(store, query))[0];
}
