/**
 * An organization on a running service, made and steered as its administrator would: the set-up page once, then
 * `carryover admin …` with a sign-in in the browser.
 */

import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Ran, runProgram } from './run-program.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface Person {
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly password: string;
}

export interface Organization {
  readonly tenantId: string;
  readonly name: string;
  readonly administrator: Person;
  /** What `carryover enroll` takes. */
  readonly link: string;
  /** Runs `carryover admin …` as the administrator. Errors: Error with its words. */
  admin(...args: readonly string[]): Promise<string>;
  addPerson(userPrincipalName: string, displayName: string): Promise<Person>;
}

export interface OrganizationOptions {
  readonly url: string;
  readonly setupCode: string;
  readonly name: string;
  readonly domain: string;
  /** For what the administrator's tools keep. */
  readonly folder: string;
}

export async function anOrganization({
  url,
  setupCode,
  name,
  domain,
  folder,
}: OrganizationOptions): Promise<Organization> {
  const administrator = {
    userPrincipalName: `admin@${domain}`,
    displayName: 'Ada Administrator',
    password: 'correct horse battery staple 1',
  };
  const response = await fetch(`${url}/admin/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: setupCode, organization: name, ...administrator }),
  });
  if (response.status !== 201) throw new Error(`The set-up failed: ${await response.text()}`);
  const { tenantId } = (await response.json()) as { readonly tenantId: string };
  const link = `${url}/enroll/${tenantId}`;
  const home = join(folder, 'administrator');
  await mkdir(home, { recursive: true });
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    LC_ALL: 'C.UTF-8',
    ...(await signsInAs(administrator, home)),
  };

  const organization: Organization = {
    tenantId,
    name,
    administrator,
    link,
    async admin(...args) {
      const ran = await runProgram(process.execPath, [join(ROOT, 'server', 'src', 'main.ts'), 'admin', ...args], {
        env,
      });
      return mustSucceed(`carryover admin ${args.join(' ')}`, ran);
    },
    async addPerson(userPrincipalName, displayName) {
      const password = `${displayName} likes long passwords`;
      const args = ['admin', 'person', 'add', userPrincipalName, displayName, '--password-stdin'];
      const ran = await runProgram(process.execPath, [join(ROOT, 'server', 'src', 'main.ts'), ...args], {
        env,
        stdin: password,
      });
      mustSucceed('carryover admin person add', ran);
      return { userPrincipalName, displayName, password };
    },
  };
  await organization.admin('sign-in', link);
  return organization;
}

/** Environment in which $BROWSER signs this person in by itself. */
export async function signsInAs(person: Person, folder: string): Promise<Record<string, string>> {
  const program = join(folder, 'browser');
  const script = join(import.meta.dirname, 'person-browser.ts');
  await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${script}' "$@" >>'${folder}/browser.log' 2>&1\n`);
  await chmod(program, 0o755);
  return {
    BROWSER: program,
    CARRYOVER_PERSON_NAME: person.userPrincipalName,
    CARRYOVER_PERSON_PASSWORD: person.password,
    CARRYOVER_PERSON_FOLDER: folder,
  };
}

function mustSucceed(what: string, { exit, stdout, stderr }: Ran): string {
  if (exit !== 0) throw new Error(`${what}: exit ${exit}\n${stdout}${stderr}`);
  return stdout;
}
