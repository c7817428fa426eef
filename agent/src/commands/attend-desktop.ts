/**
 * What `first-desktop` does once there is something to do: carry out, ask, or tell the service.
 *
 * With a window where one can be opened; without one everything goes the same way, and the desktop's notices say the
 * beginning and the end.
 */

import { KnownError } from '@carryover/model/errors';
import type { RestoreStage } from '@carryover/model/local-pages';
import { wordsOf } from '@carryover/model/reasons';
import { DONE } from '@carryover/model/report';
import { markSeen } from '../pages/restore-choice.ts';
import { type RestoreFlow, restoreFlow, tellLater } from '../pages/restore-flow.ts';
import type { Agent } from './agent.ts';
import { linkInPlace } from './enrollment-place.ts';
import type { Due } from './first-desktop.ts';
import { notify } from './notify.ts';
import { type RestorePageOptions, restorePageParts } from './restore-page.ts';
import { showRestorePage } from './show-restore-page.ts';

export interface Attended {
  readonly did: 'told' | 'waits' | 'asked' | 'restored' | 'stopped';
  /** What the page showed last; undefined when there was nothing to show. */
  readonly stage?: RestoreStage;
}

export interface AttendOptions extends Pick<RestorePageOptions, 'retries'> {
  readonly opensWindow: boolean;
}

export async function attend(agent: Agent, due: Due, { opensWindow, retries }: AttendOptions): Promise<Attended> {
  const { state, system } = agent;
  const link = due === 'ask' ? await linkInPlace(system) : undefined;
  const parts = restorePageParts(agent, { link, ...(retries === undefined ? {} : { retries }) });
  if (due === 'tell') {
    await tellLater(parts);
    return { did: (await state.read('choice'))?.told === true ? 'told' : 'waits' };
  }
  if (due === 'carryOut') await noteDesktop(agent);
  const goal = due === 'ask' ? 'askOnce' : 'carryOut';
  const flow = restoreFlow(parts, { mode: 'demand', goal });
  const opened = await shownWithOrWithoutWindow(agent, flow, opensWindow);
  const { stage } = await flow.view();
  if (!opened && due === 'ask') {
    await notify(system, TEXTS[agent.out.language].title, TEXTS[agent.out.language].ask);
    return { did: 'asked' };
  }
  await sayUnseen(agent, stage, opened);
  if (stage.kind === 'done') return { did: 'restored', stage };
  return due === 'ask' ? { did: 'asked' } : { did: 'stopped', stage };
}

/** The desktop starts this command when the person has signed in: from here on the restore is waited for. */
async function noteDesktop({ state, system }: Agent): Promise<void> {
  const choice = await state.read('choice');
  if (choice === undefined || choice.choice.kind === 'new' || choice.ended !== undefined) return;
  if (choice.desktopAt !== undefined) return;
  await state.write('choice', { ...choice, desktopAt: system.now().toString({ smallestUnit: 'second' }) });
}

/** Pages that were not built keep nobody's settings back. */
async function shownWithOrWithoutWindow(agent: Agent, flow: RestoreFlow, opensWindow: boolean): Promise<boolean> {
  try {
    return await showRestorePage(agent, flow, { opensWindow, waitsForPerson: false });
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'missingPart') throw error;
    agent.out.note(`${agent.out.signs.warning} ${error.message}`);
    flow.start();
    await flow.settled();
    return false;
  }
}

/** The closing notice, when no window has shown it. */
async function sayUnseen(agent: Agent, stage: RestoreStage, opened: boolean): Promise<void> {
  const { state, system, out } = agent;
  const words = TEXTS[out.language];
  if (stage.kind === 'done') {
    if ((await state.read('choice'))?.ended?.seen !== false && opened) return;
    const { items, deviceName } = stage.result;
    const done = items.filter(({ status }) => DONE.includes(status)).length;
    const failed = items.filter(({ status }) => status === 'failed');
    const named = failed.slice(0, 3).map(({ title, reason }) => {
      return reason === undefined ? title : `${title}: ${wordsOf(reason, out.language).reason}`;
    });
    const lines = [
      words.done.replace('{count}', String(done)).replace('{from}', deviceName),
      ...(failed.length === 0 ? [] : [words.failed.replace('{count}', String(failed.length)), ...named]),
      words.undo,
    ];
    for (const line of lines) out.line(line);
    if (await notify(system, words.title, lines.join('\n'))) await markSeen(state);
    return;
  }
  if (opened) return;
  const waits = stage.kind === 'checking' && stage.checks.some(({ state: now }) => now === 'asks');
  const fault = stage.kind === 'blocked' ? stage.fault : undefined;
  if (waits) await notify(system, words.title, words.signIn);
  else if (fault !== undefined)
    await notify(
      system,
      words.title,
      [fault.message, ...fault.reasons.map((reason) => wordsOf(reason, out.language).reason)].join('\n'),
    );
}

const TEXTS = {
  en: {
    title: 'Windows backup',
    ask: 'Your settings and apps can be brought over to this PC: carryover setup --again',
    done: '{count} items came over from {from}.',
    failed: '{count} could not:',
    undo: 'Not good? carryover undo',
    signIn: 'Sign in to bring over your settings and apps: carryover setup --again',
  },
  de: {
    title: 'Windows-Sicherung',
    ask: 'Ihre Einstellungen und Apps können auf diesen PC übernommen werden: carryover setup --again',
    done: '{count} Einträge kamen von {from} herüber.',
    failed: '{count} ging(en) nicht:',
    undo: 'Nicht gut? carryover undo',
    signIn: 'Melden Sie sich an, um Einstellungen und Apps zu übernehmen: carryover setup --again',
  },
} as const;
