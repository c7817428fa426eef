import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { command, field, html, languageFrom, page, pagePolicy, secretField } from './html.ts';

test('nothing a person typed becomes markup', () => {
  fc.assert(
    fc.property(fc.string(), (typed) => {
      const shown = page({
        language: 'en',
        title: typed,
        organization: typed,
        body: html`<p>${typed}</p>`,
        host: typed,
        foot: html`${typed}`,
      });

      const without = page({
        language: 'en',
        title: '',
        organization: '',
        body: html`<p></p>`,
        host: '',
        foot: html``,
      });
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

test('the policy of a page allows files of our own and nothing inline', () => {
  assert.match(pagePolicy(), /^default-src 'none'; style-src 'self'; script-src 'self'; /);
  assert.match(pagePolicy(), /form-action 'self'; frame-ancestors 'none'/);
  assert.match(pagePolicy(['http://127.0.0.1:49152']), /form-action 'self' http:\/\/127\.0\.0\.1:49152;/);

  const body = html`${secretField({ language: 'en', name: 'password', label: 'Password', autocomplete: 'off', error: 'E' })}`;
  const shown = page({ language: 'en', title: 'T', organization: 'O', body, host: 'h', foot: html`F` });

  assert.doesNotMatch(shown, /<style|<script(?! src="\/)|\sstyle=|\son\w+=/);
});

test('what needs a script is not there without one', () => {
  const shown = html`${secretField({ language: 'de', name: 'password', label: 'Kennwort', autocomplete: 'off' })}${command('de', 'enroll', 'carryover')}`;

  const whole = page({ language: 'de', title: 'T', organization: undefined, body: shown, host: 'h' });

  const buttons = [...whole.matchAll(/<button[^>]*>/g)].map(([button]) => button);
  assert.equal(buttons.length, 2);
  for (const button of buttons) assert.match(button, / hidden>$/);
});

test('the tab of a page that refused something says so first', () => {
  const title = (refused: boolean) =>
    /<title>(.*)<\/title>/.exec(
      page({ language: 'de', title: 'Anmelden', organization: 'Contoso', body: html``, host: 'h', refused }),
    )?.[1];

  assert.equal(title(true), 'Fehler: Anmelden – Contoso');
  assert.equal(title(false), 'Anmelden – Contoso');
});

test('the language is the browser’s first that we speak', () => {
  assert.equal(languageFrom('de-AT,de;q=0.9,en;q=0.8'), 'de');
  assert.equal(languageFrom('fr,en;q=0.5,de;q=0.7'), 'de');
  assert.equal(languageFrom('en-GB,de'), 'en');
  assert.equal(languageFrom('de;q=0,en'), 'en');
  assert.equal(languageFrom('fr'), 'en');
  assert.equal(languageFrom(undefined), 'en');
});
