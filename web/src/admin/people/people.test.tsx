import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { type MemoryGraph, memoryGraph } from '../../../testing/memory-graph.ts';
import { type Rendered, render } from '../../../testing/render.tsx';
import { csvTextFrom } from '../parts/csv-text.ts';
import { passwordsCsv, previewOf } from './people-data.ts';
import { PeopleView } from './people-view.tsx';

const LENA = {
  id: 'u1',
  displayName: 'Lena Brandt',
  userPrincipalName: 'lena@auental.example',
  accountEnabled: true,
  createdDateTime: '2026-10-01T08:00:00Z',
};
const RESET = 'POST /v1.0/users/u1/authentication/methods/28c10230-6103-485e-b985-444c60001490/resetPassword';
const IMPORT = 'POST /beta/carryover/people/import';
const rolesOf = (...roles: string[]) => ({
  'GET /v1.0/me/memberOf': { value: roles.map((displayName) => ({ displayName })) },
});
const LIST = { 'GET /v1.0/users': { value: [LENA] }, ...rolesOf('Global Administrator') };

async function shown(graph: MemoryGraph): Promise<Rendered> {
  const page = await render(
    <PeopleView onRoles={() => {}} onGroups={() => {}} graph={graph} search={undefined} onSearch={() => {}} />,
  );
  await graph.answered(page);
  return page;
}

/** Types into a field as React listens for it. */
async function type(page: Rendered, field: HTMLElement, text: string) {
  await page.settle(() => {
    const set = Object.getOwnPropertyDescriptor(window.HTMLInputElement.prototype, 'value')?.set;
    set?.call(field, text);
    field.dispatchEvent(new window.Event('input', { bubbles: true }) as unknown as Event);
  });
}

async function chooseFile(page: Rendered, csv: string) {
  const input = page.root.ownerDocument.querySelector<HTMLInputElement>('input[type=file]');
  assert.ok(input);
  await page.settle(() => {
    Object.defineProperty(input, 'files', { value: [new File([csv], 'people.csv')] });
    input.dispatchEvent(new window.Event('change', { bubbles: true }) as unknown as Event);
  });
  await page.until(() => /in the file/.test(page.text()));
}

const sent = (graph: MemoryGraph) => graph.asked.filter(({ method }) => method !== 'GET');

test('a new person gets a password that is shown once and must be changed', async () => {
  const graph = memoryGraph({ ...LIST, 'POST /v1.0/users': { id: 'u2' } });
  await using page = await shown(graph);

  await page.click(page.get('button', 'Add a person'));
  const dialog = page.get('dialog', 'Add a person');
  const [name, userName] = [...dialog.querySelectorAll('input')];
  assert.ok(name && userName);
  await type(page, name, 'Jonas Okafor');
  await type(page, userName, 'jonas@auental.example');
  const add = page.findAll('button', 'Add a person').at(-1);
  assert.ok(add);
  await page.click(add);
  await graph.answered(page);

  const body = sent(graph)[0]?.request.body as { passwordProfile: { password: string } };
  const { password } = body.passwordProfile;
  assert.match(password, /^\w{5}(-\w{5}){3}$/);
  assert.deepEqual(body.passwordProfile, { password, forceChangePasswordNextSignIn: true });
  assert.ok(page.get('dialog', 'Temporary password').textContent.includes(password));
  await page.click(page.get('button', 'Close'));
  assert.ok(!page.text().includes(password));
});

test('a user name that is none is said before anything is sent', async () => {
  const graph = memoryGraph(LIST);
  await using page = await shown(graph);

  await page.click(page.get('button', 'Add a person'));
  const add = page.findAll('button', 'Add a person').at(-1);
  assert.ok(add);
  await page.click(add);

  assert.match(page.text(), /A user name looks like anna@example\.org\./);
  assert.deepEqual(sent(graph), []);
});

test('a reset asks first, and then shows the new password once', async () => {
  const graph = memoryGraph({ ...LIST, [RESET]: { newPassword: 'ABCDE-FGHJK' } });
  await using page = await shown(graph);

  await page.click(page.get('button', 'Reset password of Lena Brandt'));
  assert.deepEqual(sent(graph), []);
  await page.click(page.get('button', 'Reset password'));
  await graph.answered(page);

  assert.deepEqual(
    sent(graph).map(({ request }) => request.body),
    [{}],
  );
  assert.match(page.get('dialog', 'Temporary password').textContent, /ABCDE-FGHJK/);
});

test('disabling asks first; the refusal of the service is said in the dialog', async () => {
  const graph = memoryGraph({
    ...LIST,
    'PATCH /v1.0/users/u1': () => {
      throw new KnownError('accessDenied', 'Nobody disables their own account.', { inner: 'ownAccount' });
    },
  });
  await using page = await shown(graph);

  await page.click(page.get('button', 'Disable Lena Brandt'));
  await page.click(page.get('button', 'Disable'));
  await graph.answered(page);

  assert.deepEqual(sent(graph)[0]?.request.body, { accountEnabled: false });
  assert.match(page.get('alert').textContent, /Nobody disables their own account\./);
});

test('whoever may only reset passwords has the other buttons off', async () => {
  const graph = memoryGraph({ ...LIST, ...rolesOf('Authentication Administrator') });
  await using page = await shown(graph);

  const off = (name: string) => (page.get('button', name) as HTMLButtonElement).disabled;
  assert.deepEqual(['Add a person', 'Import people', 'Disable Lena Brandt', 'Reset password of Lena Brandt'].map(off), [
    true,
    true,
    true,
    false,
  ]);
  assert.match(page.text(), /Needs the role: User Administrator or Global Administrator/);
  const needed = ['Import people', 'Add a person'].map((name) => page.get('button', name).getAttribute('title'));
  assert.deepEqual(needed, ['Needs the role: User Administrator or Global Administrator', null]);
});

test('a file with faults shows each with its line, and cannot be sent', async () => {
  const graph = memoryGraph(LIST);
  await using page = await shown(graph);
  await page.click(page.get('button', 'Import people'));

  await chooseFile(page, 'displayName,userPrincipalName\nAnna,anna\n,ben@auental.example\n');

  assert.match(page.get('alert').textContent, /2 faults.*Line 2: "anna" is no user name.*Line 3: A display name/);
  const button = page.findAll('button', 'Import people').at(-1) as HTMLButtonElement;
  assert.equal(button.disabled, true);
});

test('a good file is sent as it is, and the passwords come back as a file', async () => {
  const csv = 'displayName;userPrincipalName\nAnna;anna@auental.example\n';
  const person = { id: 'u3', line: 2, displayName: 'Anna', userPrincipalName: 'anna@auental.example' };
  const graph = memoryGraph({ ...LIST, [IMPORT]: { value: [{ ...person, temporaryPassword: 'AAAAA' }] } });
  await using page = await shown(graph);
  await page.click(page.get('button', 'Import people'));
  await chooseFile(page, csv);

  await page.click(page.get('button', 'Add 1 person'));
  await graph.answered(page);

  assert.deepEqual(sent(graph)[0]?.request.content, { type: 'text/csv', data: csv });
  assert.equal(page.get('link', 'Download as CSV').getAttribute('download'), 'carryover-passwords.csv');
  assert.match(page.text(), /1 person was added/);
});

test('names that the service knows to be taken are shown with their lines', async () => {
  const graph = memoryGraph({
    ...LIST,
    [IMPORT]: () => {
      const faults = [{ line: 2, code: 'nameTaken', value: 'anna@auental.example' }];
      throw new KnownError('invalidRequest', 'Nobody was added.', { inner: 'csv', details: { faults } });
    },
  });
  await using page = await shown(graph);
  await page.click(page.get('button', 'Import people'));
  await chooseFile(page, 'displayName,userPrincipalName\nAnna,anna@auental.example\n');

  await page.click(page.get('button', 'Add 1 person'));
  await graph.answered(page);

  assert.match(page.get('alert').textContent, /Line 2: There is an account named anna@auental\.example already\./);
});

test('a file that Windows wrote before UTF-8 keeps its letters, and names differing in case are the same', () => {
  assert.equal(csvTextFrom(new Uint8Array([0x4d, 0xfc, 0x6c])), 'Mül');
  const { faults } = previewOf('displayName,userPrincipalName\nA,a@x.example\nB,A@x.example\n');
  assert.deepEqual(
    faults.map(({ line, code }) => [line, code]),
    [[3, 'nameTwice']],
  );
});

test('a name in the file of passwords is never a formula', () => {
  const person = { id: '1', line: 2, userPrincipalName: 'a@x.example', temporaryPassword: 'P' };

  assert.equal(
    passwordsCsv({ value: [{ ...person, displayName: '=1+"1"' }] }),
    '\uFEFFdisplayName,userPrincipalName,temporaryPassword\r\n"\'=1+""1""","a@x.example","P"\r\n',
  );
});
