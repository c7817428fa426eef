/**
 * XML as a tree, strictly: what is not well-formed is an error, and so is what none of our files has (comments, sections,
 * document types, names with a prefix other than xmlns and xsi).
 */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Of the element itself, entities resolved. */
  readonly text: string;
}

const NAME = '[A-Za-z_][\\w.-]*';
const TAG = new RegExp(`^<(/?)(${NAME})((?:\\s+(?:xmlns:|xsi:)?${NAME}\\s*=\\s*"[^"<]*")*)\\s*(/?)>`);
const ATTRIBUTE = /([\w:.-]+)\s*=\s*"([^"]*)"/g;
const DECLARATION = /^<\?xml version="1\.0" encoding="(utf-8|UTF-8|UTF-16)"\?>\s*/;

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** The root element. Errors: Error that says where. */
export function xmlTree(xml: string): XmlElement {
  let rest = xml.replace(DECLARATION, '');
  if (rest === xml) throw new Error('There is no declaration.');
  const open: OpenElement[] = [{ name: '', attributes: {}, children: [], text: '' }];
  while (rest !== '') {
    const inner = open.at(-1);
    if (inner === undefined) throw new Error('More is closed than opened.');
    const [text = ''] = /^[^<]*/.exec(rest) ?? [];
    inner.text += resolved(text);
    rest = rest.slice(text.length);
    if (rest === '') break;
    const [all = '', slash, name = '', attributes = '', empty] = TAG.exec(rest) ?? [];
    if (all === '') throw new Error(`This is no tag: ${rest.slice(0, 60)}`);
    rest = rest.slice(all.length);
    if (slash === '') open.push({ name, attributes: attributesFrom(attributes), children: [], text: '' });
    if (slash === '' && empty === '') continue;
    const closed = open.pop();
    if (closed?.name !== name) throw new Error(`</${name}> closes <${closed?.name}>.`);
    open.at(-1)?.children.push(closed);
  }
  const [outside] = open;
  const [root, ...more] = outside?.children ?? [];
  if (open.length !== 1 || root === undefined || more.length > 0 || outside?.text.trim() !== '')
    throw new Error('There is not one element that holds everything.');
  return root;
}

/** Errors: Error when there is none, or more than one. */
export function childOf(parent: XmlElement, ...path: readonly string[]): XmlElement {
  return path.reduce((element, name) => {
    const [found, ...more] = element.children.filter((child) => child.name === name);
    if (found === undefined || more.length > 0) throw new Error(`<${element.name}> has not one <${name}>.`);
    return found;
  }, parent);
}

/** The element and everything in it. */
export function allOf(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(allOf)];
}

function attributesFrom(text: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (Object.hasOwn(found, name)) throw new Error(`${name} is there twice.`);
    found[name] = resolved(value);
  }
  return found;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolved(text: string): string {
  return text.replace(/&([^;&]*)(;?)/g, (all, name: string, end: string) => {
    const sign = ENTITIES[name];
    if (sign === undefined || end === '') throw new Error(`${all} is no entity.`);
    return sign;
  });
}
