/** The newest backups: device, whose, when. */

import type { Overview } from '@carryover/model/admin';
import { when } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { useCardStyles } from '../shell/use-card-styles.ts';

export function BackupsCard({ overview }: { readonly overview: Overview }) {
  const say = useWords();
  const cards = useCardStyles();
  const { language } = useLanguage();
  const now = new Date();
  return (
    <section className={cards.card} aria-labelledby="backups-card">
      <h2 id="backups-card" className={cards.title}>
        {say('home.backups')}
      </h2>
      {overview.newestBackups.length === 0 ? (
        <p className={cards.lead}>{say('home.noBackups')}</p>
      ) : (
        <ul className={cards.list}>
          {overview.newestBackups.map(({ deviceId, deviceName, person, lastBackupDateTime }) => (
            <li key={`${deviceId} ${person?.id}`} className={cards.row}>
              <span>
                <bdi>{deviceName}</bdi>
                <br />
                <span className={cards.second}>{person?.displayName ?? say('home.noPerson')}</span>
              </span>
              <time dateTime={lastBackupDateTime} className={cards.second}>
                {when(lastBackupDateTime, now, { language })}
              </time>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
