/**
 * A person at a browser, as a program: set as $BROWSER it is handed an address, signs in through the pages, and follows
 * where they lead. Who it is comes from CARRYOVER_PERSON_NAME and CARRYOVER_PERSON_PASSWORD.
 */

import { Browser } from '../../server/testing/browser.ts';

const [address = ''] = process.argv.slice(2);
const { CARRYOVER_PERSON_NAME: userName = '', CARRYOVER_PERSON_PASSWORD: password = '' } = process.env;

const browser = new Browser();
const first = await browser.open(address);
const page =
  first.left === undefined && first.forms.length > 0 ? await browser.submit(first, { userName, password }) : first;
if (page.left === undefined) throw new Error(`The sign-in stopped at "${page.title}": ${page.html}`);
// Back to the program that asked, which listens on loopback.
const answer = await fetch(page.left);
if (!answer.ok) throw new Error(`${page.left.origin} answered ${answer.status}`);
