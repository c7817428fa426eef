/**
 * `carryover setup [LINK]`: the restore page of device setup, in a window. What is chosen there is recorded and nothing
 * more; it is carried out at the desktop (first-desktop.ts). `--again` asks anew and carries out at once.
 */

import { KnownError } from '@carryover/model/errors';
import { type EnrollmentLink, enrollmentLinkFrom } from '../client/enrollment-link.ts';
import { restoreFlow } from '../pages/restore-flow.ts';
import type { ChoiceState } from '../state/state.ts';
import type { Agent, Out } from './agent.ts';
import { installEntry } from './desktop-entry.ts';
import { linkInPlace } from './enrollment-place.ts';
import { notEnrolled } from './real-agent.ts';
import { restorePageParts } from './restore-page.ts';
import { showRestorePage } from './show-restore-page.ts';
import { parsed } from './words.ts';

/** Errors: notEnrolled when nobody said where to connect this PC; conflict for another organization's link; missingPart. */
export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('setup', args);
  const { state, out } = agent;
  const link = await linkFor(agent, positionals[0]);
  await installEntry(agent);
  const again = values.again ?? false;
  const flow = restoreFlow(restorePageParts(agent, { link }), {
    mode: again ? 'demand' : 'setup',
    goal: again ? 'ask' : 'askOnce',
  });
  await showRestorePage(agent, flow, { opensWindow: values['no-window'] !== true, waitsForPerson: true });
  const choice = await state.read('choice');
  if (values.json) out.json(jsonOf(choice));
  else out.line(sentenceFor(choice, out));
}

async function linkFor({ state, system }: Agent, typed: string | undefined): Promise<EnrollmentLink | undefined> {
  const enrollment = await state.read('enrollment');
  const link = typed === undefined ? undefined : enrollmentLinkFrom(typed);
  if (enrollment !== undefined && (await state.read('device-key')) !== undefined) {
    if (link === undefined || link.tenantId === enrollment.tenantId) return undefined;
    throw new KnownError(
      'conflict',
      `This PC is connected to ${enrollment.organization}. Disconnect it first: carryover unenroll`,
      { inner: 'alreadyEnrolled' },
    );
  }
  const found = link ?? (await linkInPlace(system));
  if (found === undefined) throw notEnrolled();
  return found;
}

function jsonOf(choice: ChoiceState | undefined) {
  if (choice === undefined) return { choice: null };
  const { choice: chosen, decidedAt, told, ended } = choice;
  return { choice: chosen, decidedAt, told, ...(ended === undefined ? {} : { ended: ended.what }) };
}

function sentenceFor(choice: ChoiceState | undefined, out: Out): string {
  const words = TEXTS[out.language];
  if (choice === undefined) return `${out.signs.warning} ${words.undecided}`;
  if (choice.choice.kind === 'new') return `${out.signs.done} ${words.new}`;
  const from = (text: string) =>
    text.replace('{from}', choice.choice.kind === 'profile' ? choice.choice.deviceName : '');
  if (choice.ended?.what === 'restored') return `${out.signs.done} ${from(words.restored)}`;
  if (choice.ended?.what === 'refused') return `${out.signs.failed} ${words.refused}`;
  return `${out.signs.done} ${from(words.decided)}`;
}

const TEXTS = {
  en: {
    undecided: 'Nothing was decided. Ask again: carryover setup',
    new: 'This PC is set up as new. To change that later: carryover setup --again',
    decided: 'What was on {from} comes over when you next sign in to the desktop. Now: carryover first-desktop',
    restored: 'What was on {from} has come over. Not good? carryover undo',
    refused: 'Nothing came over. To choose again: carryover setup --again',
  },
  de: {
    undecided: 'Es wurde nichts entschieden. Noch einmal fragen: carryover setup',
    new: 'Dieser PC ist als neuer PC eingerichtet. Später ändern: carryover setup --again',
    decided:
      'Was auf {from} war, kommt bei Ihrer nächsten Anmeldung am Desktop herüber. Sofort: carryover first-desktop',
    restored: 'Was auf {from} war, ist herübergekommen. Nicht gut? carryover undo',
    refused: 'Es kam nichts herüber. Neu wählen: carryover setup --again',
  },
} as const;
