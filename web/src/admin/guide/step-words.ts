/** What is true of a step now, in a sentence made of its facts. */

import type { FirstRunStep } from '@carryover/model/admin';
import type { useWords } from '../../shared/words/admin.ts';

type Say = ReturnType<typeof useWords>;

export function factOf({ id, done, facts }: FirstRunStep, say: Say): string {
  const fact = (name: string) => facts[name] ?? '…';
  switch (id) {
    case 'signIn':
      return say('step.signIn.fact', { person: fact('person') });
    case 'recoveryCopy':
      return say('step.recoveryCopy.fact');
    case 'people':
      return say('step.people.fact', { n: Number(facts['count'] ?? 0) });
    case 'backupPolicy':
      return done ? say('step.backupPolicy.fact', { policy: fact('policy') }) : say('step.backupPolicy.open');
    case 'restorePage':
      return say(done ? 'step.restorePage.fact' : 'step.restorePage.open');
    case 'enrollment':
      if (!done) return say('step.enrollment.open');
      return facts['joining'] === 'all'
        ? say('step.enrollment.all')
        : say('step.enrollment.tokens', { n: Number(facts['tokens'] ?? 0) });
    case 'firstDevice':
    case 'firstBackup':
    case 'firstRestore':
      return done ? say(`step.${id}.fact`, { device: fact('device') }) : say(`step.${id}.open`);
  }
}
