/**
 * A person's side of the administrator's task: puts a request into the hand-over folder, starts the task, and waits for
 * the answer.
 *
 * One request holds everything there is to ask. Whether the task is there is asked of the folders that an administrator
 * made with it, which costs nothing; a task that does not start counts as none.
 */

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Reason } from '@carryover/model/reasons';
import { startElevatedTask } from '../schedule/elevated-task.ts';
import { securityId } from '../schedule/task-scheduler.ts';
import type { Elevated, Outcome } from '../settings/mechanism.ts';
import type { HandOver } from '../system/hand-over.ts';
import type { System } from '../system/system.ts';
import { answerIn, type Request, requestName, requestText } from './request.ts';

/** A task begins within seconds, also on a PC that is busy with a person's first sign-in. */
const PATIENCE_MS = 60_000;
/** How often is looked, in milliseconds: there is no telling from a folder that may not be listed. */
const PAUSE_MS = 50;

/** Undefined where there is no such task: on other systems than Windows. */
export function elevatedDoor(system: System): Elevated | undefined {
  const { handOver } = system;
  if (handOver === undefined) return undefined;
  let there: Promise<boolean> | undefined;
  return {
    isThere() {
      there ??= handOver.isThere();
      return there;
    },
    apply: (items) => answered({ system, handOver }, { action: 'apply', items }),
    revert: (items) => answered({ system, handOver }, { action: 'revert', items }),
  };
}

/** A request that cannot be handed over costs its own items alone, not what the person changes themselves. */
async function answered(asking: Asking, request: Request): Promise<Outcome[]> {
  try {
    return await ask(asking, request);
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const reason: Reason = { code: 'applyFailed', facts: { detail } };
    return request.items.map(({ itemId }) => ({ itemId, status: 'failed', reason }));
  }
}

interface Asking {
  readonly system: System;
  readonly handOver: HandOver;
}

async function ask({ system, handOver }: Asking, request: Request): Promise<Outcome[]> {
  const all = (outcome: Omit<Outcome, 'itemId'>) => request.items.map(({ itemId }) => ({ itemId, ...outcome }));
  const name = requestName(await securityId(system), randomUUID());
  await withdrawLeftover({ system, handOver });
  await system.writeFile(leftoverFile(system), name, 0o600);
  await handOver.put(name, requestText(request));
  if (!(await startElevatedTask(system))) {
    await withdrawLeftover({ system, handOver });
    return all({ status: 'needsElevation', reason: { code: 'needsElevation' } });
  }
  const content = await answerWithin({ system, handOver }, name);
  await system.removeFile(leftoverFile(system));
  const answer = content === undefined ? undefined : answerIn(content);
  if (answer === undefined) return all({ status: 'failed', reason: SILENT });
  const byId = new Map(answer.map((outcome) => [outcome.itemId, outcome]));
  return request.items.map(({ itemId }) => byId.get(itemId) ?? { itemId, status: 'failed', reason: SILENT });
}

/** Names the request that is under way: of one that was killed with its restore nothing is carried out later. */
function leftoverFile({ stateFolder }: System): string {
  return `${stateFolder}/elevated-request`;
}

async function withdrawLeftover({ system, handOver }: Asking): Promise<void> {
  const name = await system.readFile(leftoverFile(system));
  if (name === undefined) return;
  await handOver.withdraw(Buffer.from(name).toString());
  await system.removeFile(leftoverFile(system));
}

const SILENT: Reason = { code: 'elevatedSilent' };

async function answerWithin({ system, handOver }: Asking, name: string): Promise<Uint8Array | undefined> {
  for (let until = system.monotonicMs() + PATIENCE_MS; ; await wait(PAUSE_MS)) {
    const content = await handOver.answer(name);
    if (content !== undefined) {
      await handOver.removeAnswer(name);
      return content;
    }
    // What was given up is not to be carried out later; what was taken meanwhile is about to be answered.
    if (system.monotonicMs() >= until && (await handOver.withdraw(name))) return undefined;
    if (system.monotonicMs() >= until + PATIENCE_MS) return undefined;
  }
}
