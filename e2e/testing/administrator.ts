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
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('input[name="userName"]').fill(ADMINISTRATOR.name);
  await page.locator('input[name="password"]').fill(ADMINISTRATOR.password);
  await page.locator('form button.primary').click();
  await page.getByRole('navigation').getByRole('link', { name: 'People' }).waitFor();
}
