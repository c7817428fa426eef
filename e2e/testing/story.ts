/**
 * What every story begins with: a running service, an organization with both switches on, a person, and devices that are
 * made when the story asks for them. Whatever was started or written ends with `remove`.
 *
 * Everything is real: processes, HTTP, databases, sign-in through the pages. A device signs its person in by itself.
 */

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { CLIENTS } from '../../model/src/wire.ts';
import { type SignedIn, signInAt } from '../../server/testing/service.ts';
import { aDevice, type Device } from './device.ts';
import { anOrganization, type Organization, type Person, signsInAs } from './organization.ts';
import type { Ran } from './run-program.ts';
import { type ServiceProcess, startService } from './service-process.ts';

export interface StoryOptions {
  /** Whether backup and restore are switched on from the start; on when undefined. */
  readonly switchedOn?: boolean;
  /** More of the service's environment. */
  readonly serviceEnv?: Readonly<Record<string, string>>;
  /** The service's data on a small disk of its own, see ServiceOptions. */
  readonly dataMegabytes?: number;
}

export interface Story {
  /** Holds the service's data, key and logs. */
  readonly folder: string;
  /** The one that runs now, or ran last. */
  readonly service: ServiceProcess;
  readonly organization: Organization;
  readonly person: Person;
  addPerson(userPrincipalName: string, displayName: string): Promise<Person>;
  /** An empty device whose browser signs `who` in, or the story's person. */
  device(name: string, options?: DeviceChoice): Promise<Device>;
  /** The same, connected to the organization. */
  enrolled(name: string, options?: DeviceChoice): Promise<Device>;
  /** How a person signs in by now. They must have signed in on a device before, where they chose their password. */
  signInOf(who?: Person): Promise<Person & { readonly tenantId: string }>;
  /** A person's sign-in to Graph. */
  graph(who?: Person): Promise<SignedIn>;
  /** Starts the service again on the same data and port. */
  restart(): Promise<void>;
  /** What the service logged of all that it was asked so far, in all its runs; it must be running. */
  serviceLog(): Promise<string>;
  remove(): Promise<void>;
}

interface DeviceChoice {
  readonly who?: Person;
  readonly env?: Readonly<Record<string, string>>;
}

export async function aStory(options: StoryOptions = {}): Promise<Story> {
  const { switchedOn = true, serviceEnv = {}, dataMegabytes } = options;
  const folder = await mkdtemp(join(tmpdir(), 'carryover-story-'));
  const devices: Device[] = [];
  const logs: string[] = [];
  const ownRequests: string[] = [];
  let service: ServiceProcess | undefined;

  const start = async (port?: number) => {
    const env = { SIGN_IN_LIMIT: '100000', ...serviceEnv };
    service = await startService({ folder, env, dataMegabytes, ...(port === undefined ? {} : { port }) });
    logs.push(service.logFile);
    return service;
  };

  async function remove(): Promise<void> {
    await Promise.all(devices.map((device) => device.remove()));
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  }

  try {
    const { url, setupCode = '' } = await start();
    const organization = await anOrganization({
      url,
      setupCode,
      name: 'Contoso',
      domain: 'contoso.example',
      folder,
    });
    if (switchedOn) {
      await organization.admin('backup', 'on');
      await organization.admin('restore', 'on');
    }
    const person = await organization.addPerson('lena@contoso.example', 'Lena');

    const story: Story = {
      folder,
      organization,
      person,
      get service() {
        assert.ok(service);
        return service;
      },
      addPerson: (...about) => organization.addPerson(...about),
      async device(name, { who = person, env = {} } = {}) {
        const memory = join(folder, 'people', who.userPrincipalName);
        await mkdir(memory, { recursive: true });
        const signIn = await signsInAs(who, memory);
        const facts = { CARRYOVER_DEVICE_NAME: name, CARRYOVER_MACHINE_ID: `${name} of the story` };
        const device = await aDevice({ name, env: { ...signIn, ...facts, ...env } });
        devices.push(device);
        return device;
      },
      async enrolled(name, options) {
        const device = await story.device(name, options);
        succeeded(await device.agent('enroll', organization.link));
        return device;
      },
      async signInOf(who = person) {
        const file = join(folder, 'people', who.userPrincipalName, `${who.userPrincipalName}.password`);
        return { ...who, tenantId: organization.tenantId, password: await readFile(file, 'utf8') };
      },
      async graph(who) {
        const client = CLIENTS.graphCommandLine;
        return signInAt(story.service.url, await story.signInOf(who), { client, resource: 'graph' });
      },
      async restart() {
        await story.service.kill();
        await start(Number(new URL(url).port));
      },
      async serviceLog() {
        // A request is logged once it was answered, so that who asked may be ahead: one more is waited for, and left out.
        const { headers } = await fetch(`${story.service.url}/healthz`);
        const own = headers.get('request-id') ?? '';
        ownRequests.push(own);
        for (;;) {
          const log = (await Promise.all(logs.map((file) => readFile(file, 'utf8')))).join('');
          const isOwn = (line: string) => ownRequests.some((id) => line.includes(id));
          if (
            log
              .split('\n')
              .slice(0, -1)
              .some((line) => line.includes(own))
          )
            return log
              .split('\n')
              .filter((line) => !isOwn(line))
              .join('\n');
          await delay(5);
        }
      },
      remove,
    };
    return story;
  } catch (error) {
    await remove();
    throw error;
  }
}

/** What a command printed. Errors: AssertionError with its words when it failed. */
export function succeeded(ran: Ran): string {
  assert.equal(ran.exit, 0, `exit ${ran.exit}\n${ran.stdout}${ran.stderr}`);
  return ran.stdout;
}

/** The result of a command with --json: its last line. */
export function jsonOf<Value>(ran: Ran): Value {
  const last = ran.stdout.trimEnd().split('\n').at(-1) ?? '';
  try {
    return JSON.parse(last) as Value;
  } catch (cause) {
    throw new Error(`No JSON: exit ${ran.exit}\n${ran.stdout}${ran.stderr}`, { cause });
  }
}
