/**
 * `carryover restore PROFILE`: brings settings and apps over to this device, and says of each item what came of it.
 *
 * A restore that was stopped is finished first, from where it was. Nothing is applied before the person said yes.
 */

import { CATEGORY_TITLES } from '@carryover/model/category-titles';
import { KnownError } from '@carryover/model/errors';
import { wordsOf } from '@carryover/model/reasons';
import { countsOf, DONE, PART_KINDS, type ReportItem } from '@carryover/model/report';
import { CATEGORIES, type Category } from '@carryover/model/setting';
import type { Plan } from '../restore/plan.ts';
import { rememberRestore, resendReports } from '../restore/report.ts';
import { goOn, plan, type Restored, type RestoreInput, restore, stoppedRestore } from '../restore/restore.ts';
import type { Agent, Out } from './agent.ts';
import { confirmed } from './confirm.ts';
import { planJson, sayPlan, selectionFrom, withheldJson } from './plan.ts';
import { withheldLines } from './plan-lines.ts';
import { partsOffline, restoreParts, type StepListener } from './restore-parts.ts';
import { durationWords, isQuiet, line, progressOn, reasonLines, share } from './terminal.ts';
import { dayWords } from './titles.ts';
import { parsed } from './words.ts';

/** Errors: partlyDone when something could not be brought over; the report names it. */
export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('restore', args);
  const { out, system } = agent;
  const [name = 'recommended'] = positionals;
  const selection = selectionFrom(values);
  const json = values.json ?? false;
  await agent.state.exclusively(async () => {
    const stopped = await stoppedRestore(system);
    if (stopped !== undefined && !values['dry-run']) {
      const { listener, about } = watching(out, json);
      about(stopped.restore.plan);
      const isAsked = isSame(stopped.restore.plan, name);
      await finished(await goOn(await partsOffline(agent, listener), stopped), agent, json && isAsked);
      if (isAsked) return;
    }
    const { listener, about } = watching(out, json);
    const input = await restoreParts(agent, listener);
    const chosen = await plan(input, name, selection);
    if (values['dry-run']) {
      if (json) return out.json({ dryRun: true, ...planJson(chosen) });
      sayPlan(chosen, agent, true);
      return out.line(TEXTS[out.language].dryRun);
    }
    if (values.yes !== true) {
      sayPlan(chosen, agent, false);
      if (!(await confirmed(out))) return out.line(TEXTS[out.language].leftAlone);
    }
    about(chosen);
    await finished(await restored(input, chosen), agent, json);
  });
}

/** Whether the restore that was stopped is the one asked for now. */
function isSame({ profileId, deviceName }: Plan, name: string): boolean {
  return name === 'recommended' || [profileId, deviceName.toLowerCase()].includes(name.toLowerCase());
}

async function restored(input: RestoreInput, chosen: Plan): Promise<Restored> {
  const result = await restore(input, chosen);
  await resendReports(input.system, input.client);
  return result;
}

/** A line for each category that is done, and a running one for what is being applied. */
function watching(out: Out, json: boolean): { listener: StepListener; about: (plan: Plan) => void } {
  const words = TEXTS[out.language];
  const progress = progressOn(out, isQuiet(out, json));
  const titles = Object.values(CATEGORY_TITLES).map((title) => title[out.language]);
  const labelColumns = Math.max(...titles.map((title) => title.length)) + 2;
  const done = new Set<string>();
  let open = new Map<Category, Plan['items']>();
  return {
    about: ({ items }) => {
      const changing = items.filter(({ step }) => step === 'change');
      const of = (category: Category) => changing.filter((item) => item.category === category);
      open = new Map(
        CATEGORIES.map((category) => [category, of(category)] as const).filter(([, some]) => some.length > 0),
      );
    },
    listener(step) {
      if (step.step === 'goingOn') {
        if (!json) out.note(`${words.goingOn}: ${share(step.done, step.total, out.language)}`);
        return;
      }
      if (step.step === 'undoPoint') {
        const text = words.values.replace('{count}', String(step.values));
        progress.line({ sign: 'done', label: words.undoPoint, text, labelColumns });
        return;
      }
      if (step.step === 'appsWait') return;
      for (const { itemId } of step.outcomes) done.add(itemId);
      for (const [category, items] of open) {
        const label = CATEGORY_TITLES[category][out.language];
        const count = items.filter(({ id }) => done.has(id)).length;
        const next = items.find(({ id }) => step.next.includes(id));
        if (count === items.length) {
          open.delete(category);
          progress.line({ sign: 'done', label, text: share(count, count, out.language), labelColumns });
        } else if (next !== undefined)
          progress.running(label, {
            done: count,
            total: items.length,
            labelColumns,
            ...(step.next.length === 1 ? { text: next.title } : {}),
          });
      }
      if (step.next.length === 0) progress.end();
    },
  };
}

async function finished(result: Restored, agent: Agent, json: boolean): Promise<void> {
  const { out, system } = agent;
  const { items, plan: from, durationMs, undoValues, reported } = result;
  const failed = items.filter(({ status }) => status === 'failed');
  await rememberRestore(system, result);
  if (json)
    out.json({
      profileId: from.profileId,
      deviceName: from.deviceName,
      seq: from.seq,
      ...withheldJson(from),
      counts: countsOf(items),
      kinds: kindCounts(items),
      items: items.map(({ reason, ...item }) => ({
        ...item,
        ...(reason === undefined ? {} : { reason: { ...reason, ...wordsOf(reason) } }),
      })),
      undoValues,
      reported,
      seconds: durationMs / 1000,
    });
  else for (const line of reportLines(result, agent)) out.line(line);
  if (failed.length > 0) {
    const sentence = TEXTS[out.language].partly.replace('{count}', String(failed.length));
    throw new KnownError('partlyDone', sentence, { details: { items: failed.map(({ id }) => id) } });
  }
}

/** Of each kind: how many the backup holds, and how many of them this device has now. */
function kindCounts(items: readonly ReportItem[]) {
  return Object.fromEntries(
    PART_KINDS.map((kind) => {
      const of = items.filter((item) => item.kind === kind);
      return [kind, { captured: of.length, done: of.filter(({ status }) => DONE.includes(status)).length }];
    }),
  );
}

function reportLines(
  { plan: from, items, durationMs, reported, undoUntil }: Restored,
  { out, system }: Agent,
): string[] {
  const words = TEXTS[out.language];
  const wanted = items.filter(({ status }) => status !== 'skipped');
  const isApp = ({ kind }: ReportItem) => kind === 'app';
  const isDone = ({ status }: ReportItem) => DONE.includes(status);
  const shareOf = (some: readonly ReportItem[]) => share(some.filter(isDone).length, some.length, out.language);
  const left = wanted.filter((item) => !isDone(item));
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  const until = dayWords(undoUntil, here);
  const head = words.restored
    .replace('{time}', durationWords(durationMs, out.language))
    .replace('{settings}', shareOf(wanted.filter((item) => !isApp(item))))
    .replace('{apps}', shareOf(wanted.filter(isApp)));
  return [
    left.length === 0 ? `${head}.` : `${head}. ${words.couldNot.replace('{count}', String(left.length))}`,
    ...left.flatMap(({ title, status, reason }) => {
      const sign = status === 'failed' ? 'failed' : 'warning';
      return reason === undefined
        ? [line(out, { sign, indent: 2, label: title })]
        : reasonLines(out, reason, { sign, label: title });
    }),
    ...items.flatMap((item) =>
      isDone(item) && item.reason !== undefined ? reasonLines(out, item.reason, { label: item.title }) : [],
    ),
    ...withheldLines(from, out),
    ...(reported ? [] : [line(out, { sign: 'warning', label: words.notReported })]),
    `${words.notGood} carryover undo   (${words.until} ${until})`,
  ];
}

const TEXTS = {
  en: {
    dryRun: 'This was a dry run: nothing was changed.',
    leftAlone: 'Nothing was changed.',
    goingOn: 'Going on where we were',
    undoPoint: 'Undo point',
    values: 'saved, {count} values',
    restored: 'Restored in {time}: {settings} settings, {apps} apps',
    couldNot: '{count} could not:',
    notReported: 'The service does not know yet; the report goes with the next run.',
    notGood: 'Not good?',
    until: 'until',
    partly: '{count} items could not be brought over.',
  },
  de: {
    dryRun: 'Das war eine Probe: Nichts wurde geändert.',
    leftAlone: 'Nichts wurde geändert.',
    goingOn: 'Weiter, wo wir waren',
    undoPoint: 'Rückkehrpunkt',
    values: 'gesichert, {count} Werte',
    restored: 'Wiederhergestellt in {time}: {settings} Einstellungen, {apps} Apps',
    couldNot: '{count} ging(en) nicht:',
    notReported: 'Der Dienst weiß es noch nicht; der Bericht folgt beim nächsten Lauf.',
    notGood: 'Nicht gut?',
    until: 'bis',
    partly: '{count} Einträge konnten nicht übernommen werden.',
  },
} as const;
