/**
 * A browser without JavaScript: follows links and redirects, keeps cookies, fills in forms.
 *
 * It reads the HTML the service makes, so a page that needs a script, or a form that lacks a field, fails here.
 */

interface Form {
  readonly id: string | undefined;
  readonly action: string;
  readonly method: string;
  /** What is sent when nothing is filled in. */
  readonly values: Readonly<Record<string, string>>;
  /** Names of the fields a person fills in. */
  readonly fields: readonly string[];
}

export interface Page {
  readonly status: number;
  readonly url: URL;
  readonly headers: Headers;
  readonly html: string;
  readonly title: string;
  readonly forms: readonly Form[];
  /** Where the last redirect leads when that is not the service: the program that asked for the sign-in. */
  readonly left: URL | undefined;
}

export interface BrowserOptions {
  readonly language?: string;
}

const MAX_REDIRECTS = 20;

export class Browser {
  readonly #language: string;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor({ language = 'en' }: BrowserOptions = {}) {
    this.#language = language;
  }

  open(url: URL | string): Promise<Page> {
    return this.#follow(new URL(url), { method: 'GET' });
  }

  /** Fills in and sends a form; the first one unless `form` names another by its id. `origin`: the site it is sent from. */
  submit(
    page: Page,
    values: Readonly<Record<string, string>> = {},
    form?: string,
    origin = originToldBy(page),
  ): Promise<Page> {
    const found = form === undefined ? page.forms[0] : page.forms.find(({ id }) => id === form);
    if (found === undefined)
      throw new Error(`No form ${form ?? ''} on "${page.title}" (${page.url.pathname}): ${page.html}`);
    const unknown = Object.keys(values).filter((name) => !found.fields.includes(name) && !(name in found.values));
    if (unknown.length > 0) throw new Error(`The form on "${page.title}" has no field ${unknown.join(', ')}`);
    const body = new URLSearchParams({ ...found.values, ...values });
    return this.#follow(new URL(found.action, page.url), { method: 'POST', body, origin });
  }

  /** Names of the cookies that are kept now. */
  get cookieNames(): readonly string[] {
    return [...this.#cookies.keys()];
  }

  async #follow(start: URL, first: { method: string; body?: URLSearchParams; origin?: string }): Promise<Page> {
    let [url, { method, body, origin }] = [start, { body: undefined, origin: undefined, ...first }];
    for (let count = 0; count < MAX_REDIRECTS; count += 1) {
      const response = await fetch(url, {
        method,
        redirect: 'manual',
        headers: {
          'accept-language': this.#language,
          accept: 'text/html',
          cookie: this.#cookieFor(url),
          ...(origin === undefined ? {} : { origin }),
        },
        ...(body === undefined ? {} : { body }),
      });
      this.#keep(response);
      const location = response.headers.get('location');
      if (response.status < 300 || response.status >= 400 || location === null) return pageFrom(response, url);
      await response.arrayBuffer();
      const next = new URL(location, url);
      if (next.origin !== start.origin) return { ...(await pageFrom(new Response(''), url)), left: next };
      [url, method, body, origin] = [next, 'GET', undefined, undefined];
    }
    throw new Error(`More than ${MAX_REDIRECTS} redirects from ${start}`);
  }

  #cookieFor(url: URL): string {
    return [...this.#cookies]
      .filter(
        ([, { path }]) => url.pathname === path || url.pathname.startsWith(path.endsWith('/') ? path : `${path}/`),
      )
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ');
  }

  #keep(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(/;\s*/);
      const [name = '', value = ''] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const read = (attribute: string) =>
        attributes.find((one) => one.toLowerCase().startsWith(`${attribute}=`))?.slice(attribute.length + 1);
      const expires = read('expires');
      if (value === '' || (expires !== undefined && Date.parse(expires) <= 0)) this.#cookies.delete(name);
      else this.#cookies.set(name, { value, path: read('path') ?? '/' });
    }
  }
}

/** As browsers do: a page that wants no referrer does not tell its origin with a form either. Source: Fetch, section 3.2. */
function originToldBy({ headers, url }: Page): string {
  return headers.get('referrer-policy') === 'no-referrer' ? 'null' : url.origin;
}

async function pageFrom(response: Response, url: URL): Promise<Page> {
  const html = await response.text();
  return {
    status: response.status,
    url,
    headers: response.headers,
    html,
    title: decoded(/<h1>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? ''),
    forms: [...html.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)].map(([, head = '', inner = '']) =>
      formFrom(head, inner),
    ),
    left: undefined,
  };
}

function formFrom(head: string, inner: string): Form {
  const inputs = [...inner.matchAll(/<input([^>]*)>/g)].map(([, text = '']) => ({
    name: attribute(text, 'name') ?? '',
    type: attribute(text, 'type') ?? 'text',
    value: attribute(text, 'value') ?? '',
  }));
  const button = [...inner.matchAll(/<button([^>]*)>/g)].map(([, text = '']) => ({
    name: attribute(text, 'name'),
    value: attribute(text, 'value') ?? '',
  }))[0];
  return {
    id: attribute(head, 'id'),
    action: attribute(head, 'action') ?? '',
    method: attribute(head, 'method') ?? 'get',
    values: Object.fromEntries([
      ...inputs.filter(({ name }) => name !== '').map(({ name, value }) => [name, value]),
      ...(button?.name === undefined ? [] : [[button.name, button.value]]),
    ]),
    fields: inputs.filter(({ type }) => type !== 'hidden').map(({ name }) => name),
  };
}

function attribute(text: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(text)?.[1];
  return found === undefined ? undefined : decoded(found);
}

function decoded(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&');
}
