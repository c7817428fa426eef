/** What came of the restore page and the restores of the last 30 days, each in a sentence, and the newest with their outcome. */

import type { Overview, RestoreOutcome } from '@carryover/model/admin';
import { SETUP_OUTCOMES } from '@carryover/model/outcome';
import { type State, StateText } from '../../shared/state-text.tsx';
import { span, when } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { SETUP_OUTCOME_WORDS } from '../devices/device-words.ts';
import { useCardStyles } from '../shell/use-card-styles.ts';

const OUTCOMES = {
  succeeded: { word: 'outcome.succeeded', state: 'fine' },
  failed: { word: 'outcome.failed', state: 'failing' },
  running: { word: 'home.running', state: 'waiting' },
  undone: { word: 'home.undone', state: 'off' },
} as const satisfies Record<RestoreOutcome, { readonly word: string; readonly state: State }>;

export function RestoresCard({ overview }: { readonly overview: Overview }) {
  const say = useWords();
  const cards = useCardStyles();
  const { language } = useLanguage();
  const { newestRestores, restoresLast30Days, setupOutcomes } = overview;
  const came = SETUP_OUTCOMES.filter((outcome) => setupOutcomes[outcome] > 0)
    .map((outcome) => `${setupOutcomes[outcome].toLocaleString(language)} ${say(SETUP_OUTCOME_WORDS[outcome])}`)
    .join(', ');
  const now = new Date();
  return (
    <section className={cards.card} aria-labelledby="restores-card">
      <h2 id="restores-card" className={cards.title}>
        {say('home.restores')}
      </h2>
      {came === '' ? null : (
        <p className={cards.lead}>
          {say('home.setupOutcomes')}: {came}
        </p>
      )}
      {newestRestores.length === 0 ? (
        <p className={cards.lead}>{say('home.noRestores')}</p>
      ) : (
        <>
          <p className={cards.lead}>
            {say('home.restoresLead')}: {say('home.restoreCounts', restoresLast30Days)}
          </p>
          <ul className={cards.list}>
            {newestRestores.map(({ deviceId, deviceName, person, outcome, startedDateTime, durationMs }) => (
              <li key={`${deviceId} ${startedDateTime}`} className={cards.row}>
                <span>
                  <bdi>{deviceName}</bdi>
                  <br />
                  <span className={cards.second}>{person?.displayName ?? say('home.noPerson')}</span>
                </span>
                <span>
                  <StateText state={OUTCOMES[outcome].state}>{say(OUTCOMES[outcome].word)}</StateText>
                  <br />
                  <span className={cards.second}>
                    <time dateTime={startedDateTime}>{when(startedDateTime, now, { language })}</time>
                    {durationMs === null ? '' : `, ${say('home.took', { time: span(durationMs, { language }) })}`}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
