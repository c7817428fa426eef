import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { field, html, languageFrom, page, pagePolicy } from './html.ts';

test('nothing a person typed becomes markup', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const shown = page({
        language: 'en',
        title: typed,
        organization: typed,
        body: html`<p>${typed}</p>`,
        host: typed,
        foot: typed,
      });

      const without = page({ language: 'en', title: '', organization: '', body: html`<p></p>`, host: '', foot: '' });
      const markup = (text: string) => [...text.matchAll(/<[^>]*>/g)].length;
      assert.equal(markup(shown), markup(without));
    }),
  );
  assert.match(
    page({ language: 'en', title: '<script>', organization: 'x', body: html``, host: 'h' }),
    /&lt;script&gt;/,
  );
});

test('a value cannot leave its attribute', () => {
  const body = field({ name: 'code', label: 'Code', autocomplete: 'off', value: '" onfocus="alert(1)' });

  const shown = page({ language: 'en', title: 'T', organization: undefined, body, host: 'h' });

  assert.ok(shown.includes('value="&quot; onfocus=&quot;alert(1)"'));
});

test('an error is linked to its field', () => {
  const body = field({ name: 'code', label: 'Code', autocomplete: 'off', hint: 'H', error: 'E' });

  const shown = page({ language: 'en', title: 'T', organization: undefined, body, host: 'h' });

  assert.match(shown, /<label for="code">/);
  assert.match(shown, /aria-describedby="code-hint code-error" aria-invalid="true"/);
  assert.match(shown, /id="code-error" role="alert">E</);
});

test('the policy of a page allows its own style and no script', () => {
  assert.match(
    pagePolicy(),
    /default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]+=*'; form-action 'self'; frame-ancestors 'none'/,
  );
  assert.match(pagePolicy(['http://127.0.0.1:49152']), /form-action 'self' http:\/\/127\.0\.0\.1:49152;/);
});

test('the language is the browser’s first that we speak', () => {
  assert.equal(languageFrom('de-AT,de;q=0.9,en;q=0.8'), 'de');
  assert.equal(languageFrom('fr,en;q=0.5,de;q=0.7'), 'de');
  assert.equal(languageFrom('en-GB,de'), 'en');
  assert.equal(languageFrom('de;q=0,en'), 'en');
  assert.equal(languageFrom('fr'), 'en');
  assert.equal(languageFrom(undefined), 'en');
});
