/**
 * Schema files of GSettings -> the rule of every key.
 *
 * Takes what the files say of type, choices, range, inheritance and children; passes over defaults and descriptions.
 *
 * Pure. Source: gschema.dtd of GLib.
 */

/** What a key holds. `least` and `most` are numbers as the schema writes them. */
export interface KeyRule {
  readonly type: string;
  readonly choices?: readonly string[];
  readonly least?: string;
  readonly most?: string;
}

/** Plain data, so that it can be kept as JSON. */
export interface SchemaSet {
  /** By full path. */
  readonly keys: Readonly<Record<string, KeyRule>>;
  /** Schemas without a path of their own. `prefix`: the id as the start of a path, in lower case. */
  readonly relocatable: readonly { readonly prefix: string; readonly keys: Readonly<Record<string, KeyRule>> }[];
}

/** `files` in the order GLib looks for them: the first schema of an id counts. */
export function schemasFrom(files: readonly string[]): SchemaSet {
  const found: Found = { schemas: new Map(), choices: new Map() };
  for (const file of files) addFile(file, found);
  const keys: Record<string, KeyRule> = {};
  const relocatable: { prefix: string; keys: Record<string, KeyRule> }[] = [];
  const place = (schema: Schema, path: string, depth: number) => {
    for (const [name, rule] of rulesOf(schema, found)) keys[path + name] ??= rule;
    for (const [name, id] of schema.children) {
      const child = found.schemas.get(id);
      if (child !== undefined && child.path === undefined && depth > 0) place(child, `${path}${name}/`, depth - 1);
    }
  };
  for (const schema of found.schemas.values()) {
    if (schema.path !== undefined) place(schema, schema.path, MAX_CHILD_DEPTH);
    else
      relocatable.push({
        prefix: `/${schema.id.replaceAll('.', '/').toLowerCase()}`,
        keys: Object.fromEntries(rulesOf(schema, found)),
      });
  }
  // The longest id is the nearest to the path.
  return { keys, relocatable: relocatable.toSorted((a, b) => b.prefix.length - a.prefix.length) };
}

/** A schema that names itself as child or base must not turn forever. */
const MAX_CHILD_DEPTH = 8;

interface Schema {
  readonly id: string;
  readonly path: string | undefined;
  readonly base: string | undefined;
  readonly keys: Map<string, RawKey>;
  readonly children: Map<string, string>;
}

interface RawKey {
  readonly type: string;
  /** Id of an enumeration or a set of flags. */
  readonly named: string | undefined;
  choices: string[];
  least?: string;
  most?: string;
}

interface Found {
  readonly schemas: Map<string, Schema>;
  /** Nicks by id of the enumeration or set of flags. */
  readonly choices: Map<string, string[]>;
}

type Attributes = ReadonlyMap<string, string>;

const TAG = /<!--[\s\S]*?-->|<([a-z]+)((?:\s+[\w:-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*\/?>/g;
const ATTRIBUTE = /([\w:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function addFile(xml: string, { schemas, choices }: Found): void {
  let schema: Schema | undefined;
  let key: RawKey | undefined;
  let nicks: string[] = [];
  const open: Readonly<Record<string, (attributes: Attributes) => void>> = {
    enum(attributes) {
      nicks = [];
      choices.set(attributes.get('id') ?? '', nicks);
    },
    flags: (attributes) => open['enum']?.(attributes),
    value: (attributes) => nicks.push(attributes.get('nick') ?? ''),
    schema(attributes) {
      schema = schemaFrom(attributes);
      if (!schemas.has(schema.id)) schemas.set(schema.id, schema);
    },
    key(attributes) {
      key = keyFrom(attributes);
      schema?.keys.set(attributes.get('name') ?? '', key);
    },
    child: (attributes) => schema?.children.set(attributes.get('name') ?? '', attributes.get('schema') ?? ''),
    choice: (attributes) => key?.choices.push(attributes.get('value') ?? ''),
    alias: (attributes) => key?.choices.push(attributes.get('value') ?? ''),
    range(attributes) {
      const [least, most] = [attributes.get('min'), attributes.get('max')];
      if (key !== undefined && least !== undefined) key.least = least;
      if (key !== undefined && most !== undefined) key.most = most;
    },
  };
  for (const [, name, attributes] of xml.matchAll(TAG)) {
    if (name !== undefined) open[name]?.(attributesFrom(attributes ?? ''));
  }
}

function schemaFrom(attributes: Attributes): Schema {
  return {
    id: attributes.get('id') ?? '',
    path: attributes.get('path'),
    base: attributes.get('extends'),
    keys: new Map(),
    children: new Map(),
  };
}

function keyFrom(attributes: Attributes): RawKey {
  const [enumeration, flags] = [attributes.get('enum'), attributes.get('flags')];
  const type = attributes.get('type') ?? (flags === undefined ? 's' : 'as');
  return { type, named: enumeration ?? flags, choices: [] };
}

function attributesFrom(text: string): Attributes {
  return new Map(
    [...text.matchAll(ATTRIBUTE)].map(([, name, double, single]) => [name ?? '', decoded(double ?? single ?? '')]),
  );
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function decoded(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name] ?? '');
}

/** Own keys, then those of the schema it extends. */
function rulesOf(schema: Schema, found: Found, depth = MAX_CHILD_DEPTH): Map<string, KeyRule> {
  const base = schema.base === undefined || depth === 0 ? undefined : found.schemas.get(schema.base);
  const rules = base === undefined ? new Map<string, KeyRule>() : rulesOf(base, found, depth - 1);
  for (const [name, key] of schema.keys) rules.set(name, ruleFrom(key, found));
  return rules;
}

function ruleFrom({ type, named, choices, least, most }: RawKey, found: Found): KeyRule {
  const allowed = [...(named === undefined ? [] : (found.choices.get(named) ?? [])), ...choices];
  return {
    type,
    ...(allowed.length === 0 ? {} : { choices: allowed }),
    ...(least === undefined ? {} : { least }),
    ...(most === undefined ? {} : { most }),
  };
}
