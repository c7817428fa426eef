/**
 * A person with a browser, as far as a sign-in needs one: keeps cookies, follows redirects, submits the first form.
 *
 * Pages of the stand-in service are plain forms; nothing here knows what they ask.
 */

export interface Browser {
  /** Opens an address and goes on until a page stays. Returns its text. */
  visit(url: URL): Promise<string>;
  /** Submits the first form of the page shown last, with these fields changed. */
  submit(fields?: Readonly<Record<string, string>>): Promise<string>;
}

const MAX_STEPS = 20;

export function browser(): Browser {
  const cookies = new Map<string, string>();
  let shown = { url: new URL('http://127.0.0.1/'), html: '' };

  async function go(url: URL, init: RequestInit = {}): Promise<string> {
    let [next, request] = [url, init];
    for (let step = 0; step < MAX_STEPS; step += 1) {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(next, { ...request, redirect: 'manual', headers: { ...request.headers, cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      const location = answer.headers.get('location');
      if (location === null) {
        shown = { url: next, html: await answer.text() };
        return shown.html;
      }
      await answer.arrayBuffer();
      [next, request] = [new URL(location, next), {}];
    }
    throw new Error(`Still redirected after ${MAX_STEPS} steps, last to ${next}.`);
  }

  return {
    visit: (url) => go(url),
    submit(fields = {}) {
      const action = /<form[^>]*action="([^"]+)"/.exec(shown.html)?.[1];
      if (action === undefined) throw new Error(`No form on ${shown.url}: ${shown.html}`);
      const inputs = [...shown.html.matchAll(/<input[^>]*name="([^"]+)"[^>]*value="([^"]*)"/g)];
      const body = new URLSearchParams(inputs.map(([, name = '', value = '']) => [name, value]));
      for (const [name, value] of Object.entries(fields)) body.set(name, value);
      return go(new URL(action, shown.url), { method: 'POST', body });
    },
  };
}
