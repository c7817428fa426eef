/**
 * The administrator's task: takes each request out of the hand-over folder, changes what the catalog lets it change, and
 * answers. It asks no network, starts no program, and writes nothing but those values and the answers.
 *
 * A request is taken before it is carried out, so that it is carried out once. What is dropped gets no answer: there is
 * nobody to whom one could safely be given.
 *
 * Source: docs/decisions/2026-11-26-elevated-task.md.
 */

import { KnownError } from '@carryover/model/errors';
import type { Catalog } from '@carryover/model/setting';
import type { MechanismContext, Outcome } from '../settings/mechanism.ts';
import { applyElevated, revertElevated } from '../settings/registry-elevated.ts';
import type { HandOver } from '../system/hand-over.ts';
import type { System } from '../system/system.ts';
import { answerText, MAX_BYTES, personIn, type Request, requestIn, STALE_AFTER } from './request.ts';

export interface ServedRequest {
  /** Name of its file. */
  readonly name: string;
  /** Why it was dropped; undefined for one that was carried out. */
  readonly dropped?: string;
  readonly outcomes: readonly Outcome[];
}

/** Everything that waits. Errors: missingPart where there is no such task; notAllowed (needsAdministrator). */
export async function serveRequests(system: System, catalog: Catalog): Promise<ServedRequest[]> {
  const { handOver } = system;
  if (handOver === undefined)
    throw new KnownError('missingPart', 'Only on Windows is there a task that changes settings as administrator.');
  if (!(await handOver.isThere()))
    throw new KnownError(
      'missingPart',
      'There is no hand-over folder. Make it: carryover schedule install --for-everyone',
    );
  await handOver.forgetAnswers(system.now().subtract(STALE_AFTER).subtract(STALE_AFTER));
  const served: ServedRequest[] = [];
  for (const name of await handOver.waiting()) {
    const one = await serve({ system, catalog, handOver }, name);
    if (one !== undefined) served.push(one);
  }
  return served;
}

interface Serving {
  readonly system: System;
  readonly catalog: Catalog;
  readonly handOver: HandOver;
}

/** Undefined for what is not there any more. One request that goes wrong does not cost the others. */
async function serve({ system, catalog, handOver }: Serving, name: string): Promise<ServedRequest | undefined> {
  const dropped = (why: string): ServedRequest => ({ name, dropped: why, outcomes: [] });
  try {
    const taken = await handOver.take(name, MAX_BYTES);
    if (taken === undefined) return undefined;
    const person = personIn(name);
    if (person === undefined) return dropped('its name is none of a request');
    const request = requestIn(taken, { person, now: system.now() });
    if (typeof request === 'string') return dropped(request);
    if (!(await isKnownHere(system, person))) return dropped('its person has no profile here');
    const outcomes = await carriedOut(contextOf(system, catalog), request);
    await handOver.reply(name, answerText(outcomes), person);
    return { name, outcomes };
  } catch (error) {
    return dropped(error instanceof Error ? error.message : String(error));
  }
}

async function carriedOut(context: MechanismContext, { action, items }: Request): Promise<Outcome[]> {
  if (action === 'revert') return revertElevated(context, items);
  return applyElevated(
    context,
    items.map(({ itemId, raw }) => ({ itemId, raw: raw ?? null })),
  );
}

/** Without pictures, and without a desktop that could be told of changes. */
function contextOf(system: System, catalog: Catalog): MechanismContext {
  const { notify: _, ...withoutDesktop } = system;
  const noPictures = () => {
    throw new Error('The task has no pictures.');
  };
  return { system: withoutDesktop, catalog, blobIdOf: noPictures, blob: noPictures };
}

const PROFILES = 'Software\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList';

/** Somebody who signs in at this PC: Windows keeps a profile of theirs. Services have none of these identifiers. */
async function isKnownHere({ registry }: System, person: string): Promise<boolean> {
  if (!/^S-1-(?:5-21|12-1)-/.test(person)) return false;
  return (await registry?.values('HKLM', `${PROFILES}\\${person}`)) !== undefined;
}
