/**
 * A person at a browser, as a program: set as $BROWSER it is handed an address, signs in through the pages, and follows
 * where they lead. Asked for a password of their own, the person takes one and remembers it.
 *
 * Who it is comes from CARRYOVER_PERSON_NAME and CARRYOVER_PERSON_PASSWORD; CARRYOVER_PERSON_FOLDER is their memory.
 */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Browser } from '../../server/testing/browser.ts';

const [address = ''] = process.argv.slice(2);
const { CARRYOVER_PERSON_NAME: userName = '', CARRYOVER_PERSON_PASSWORD: given = '' } = process.env;
const memory = join(process.env['CARRYOVER_PERSON_FOLDER'] ?? '.', `${userName}.password`);
const password = existsSync(memory) ? readFileSync(memory, 'utf8') : given;

const browser = new Browser();
let page = await browser.open(address);
if (page.left === undefined && asks('password')) page = await browser.submit(page, { userName, password });
if (page.left === undefined && asks('newPassword')) {
  const newPassword = `${given}, and my own`;
  page = await browser.submit(page, { newPassword, repeatPassword: newPassword });
  writeFileSync(memory, newPassword, { mode: 0o600 });
}
if (page.left === undefined) throw new Error(`The sign-in stopped at "${page.title}": ${page.html}`);
// Back to the program that asked, which listens on loopback.
const answer = await fetch(page.left);
if (!answer.ok) throw new Error(`${page.left.origin} answered ${answer.status}`);

function asks(field: string): boolean {
  return page.forms.some(({ fields }) => fields.includes(field));
}
