/** The first administrator at the pages: sets an empty service up in a browser and signs in to the admin center. */

import type { Page } from 'playwright-core';
import type { ServiceProcess } from './service-process.ts';

export const ADMINISTRATOR = { name: 'admin@auental.example', password: 'correct horse battery staple 1' };

/** Ends on Home. Errors: TimeoutError naming what did not come. */
export async function setUpOrganization(page: Page, { url, setupCode = '' }: ServiceProcess): Promise<void> {
  await page.goto(`${url}/admin`);
  await page.getByRole('link', { name: 'Set up an organization' }).click();
  const typed = {
    code: setupCode,
    organization: 'Auental County',
    displayName: 'Miriam Adeyemi',
    userPrincipalName: ADMINISTRATOR.name,
    password: ADMINISTRATOR.password,
  };
  for (const [name, value] of Object.entries(typed)) await page.locator(`input[name="${name}"]`).fill(value);
  await page.locator('button[type="submit"]').click();
  await page.locator('a[href="/admin"]').click();
  await signInAs(page, ADMINISTRATOR);
}

/** From the entrance of the admin center to a page inside. Errors: TimeoutError naming what did not come. */
export async function signInAs(page: Page, who: { readonly name: string; readonly password: string }): Promise<void> {
  await page.getByRole('button', { name: 'Sign in' }).click();
  await typeSignIn(page, who);
  await page.getByRole('navigation').getByRole('link', { name: 'People' }).waitFor();
}

/** At the sign-in itself. */
export async function typeSignIn(page: Page, { name, password }: { readonly name: string; readonly password: string }) {
  await page.locator('input[name="userName"]').fill(name);
  await page.locator('input[name="password"]').fill(password);
  await page.locator('form button.primary').click();
}
