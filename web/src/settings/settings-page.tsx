/** The settings page: asks the agent how things stand and shows the page the address names. */

import { KnownError } from '@carryover/model/errors';
import { saysBackupOff } from '@carryover/model/preferences';
import { makeStyles, typographyStyles } from '@fluentui/react-components';
import { ChevronRightRegular } from '@fluentui/react-icons/svg/chevron-right';
import { PhoneUpdateRegular } from '@fluentui/react-icons/svg/phone-update';
import { useEffect, useState } from 'react';
import { CopyText } from '../shared/copy-text.tsx';
import { isEnded, isLost } from '../shared/local-client.ts';
import { PageHead } from '../shared/page-head.tsx';
import { Reason } from '../shared/reason.tsx';
import { SettingCard } from '../shared/setting-card.tsx';
import { tokens } from '../shared/theme.ts';
import { useAct } from '../shared/use-act.ts';
import { Waiting } from '../shared/waiting.tsx';
import { timeOf } from '../shared/when.ts';
import { useLanguage } from '../shared/words/language.tsx';
import { useWords } from '../shared/words/settings.ts';
import { Frame, RESTORE_PAGE } from './frame.tsx';
import { HistoryList } from './history-list.tsx';
import { usePlace } from './place.ts';
import { Remembered } from './remembered.tsx';
import type { SettingsClient } from './settings-client.ts';
import { faultWords, type Here } from './status.ts';
import { StatusCard } from './status-card.tsx';
import { UndoCard } from './undo-card.tsx';
import { RESTING_MS, useSettings } from './use-settings.ts';

const useStyles = makeStyles({
  group: { ...typographyStyles.body1Strong, margin: `${tokens.spacingVerticalXXL} 0 ${tokens.spacingVerticalS}` },
  cards: { display: 'grid', rowGap: tokens.spacingVerticalXS },
  link: { display: 'block', color: 'inherit', textDecorationLine: 'none', borderRadius: '6px' },
  chevron: { fontSize: '20px', color: tokens.colorNeutralForeground3, ':dir(rtl)': { transform: 'scaleX(-1)' } },
  notice: { marginBlockEnd: tokens.spacingVerticalM },
});

const MINUTE_MS = 60_000;

export function SettingsPage({ client }: { readonly client: SettingsClient }) {
  const { view, error, refresh } = useSettings(client);
  const act = useAct(refresh);
  const place = usePlace();
  const here = useHere();
  const styles = useStyles();
  const { say } = here;

  if (isEnded(error))
    return <Notice title={say('settings.ended')} lead={say('settings.endedLead')} command="carryover settings" />;
  if (view === undefined && error instanceof KnownError && error.code === 'notEnrolled')
    return (
      <Notice
        title={say('settings.notEnrolled')}
        lead={`${say('settings.notEnrolledLead')} ${say('settings.notEnrolledDo')}`}
        command="carryover enroll https://…"
      />
    );
  if (view === undefined)
    return (
      <Frame place={place}>
        <PageHead key="backup" size="settings" parent={say('settings.accounts')} title={say('settings.title')} />
        {error === undefined ? <Waiting rows={7} rowHeight={66} /> : <Lost error={error} here={here} />}
      </Frame>
    );

  const { person, organization, agentVersion, categories, offline, asOf } = view;
  return (
    <Frame place={place} person={person} organization={organization} agentVersion={agentVersion}>
      {place === 'history' ? (
        <HistoryList client={client} here={here} />
      ) : (
        <>
          <PageHead key="backup" size="settings" parent={say('settings.accounts')} title={say('settings.title')} />
          {error === undefined ? null : <Lost error={error} here={here} />}
          {offline === undefined ? null : (
            <div className={styles.notice}>
              <Reason cause={say('common.offline', { time: timeOf(asOf, here) })}>{faultWords(offline, here)}</Reason>
            </div>
          )}
          <StatusCard view={view} here={here} client={client} act={act} refresh={refresh} />
          <h2 className={styles.group}>{say('settings.remembered')}</h2>
          <Remembered
            categories={categories}
            organization={organization}
            isOff={categories.every(({ reason }) => reason !== undefined && saysBackupOff(reason))}
            here={here}
            onSwitch={(wish) => void act.run(() => client.switchOver(wish))}
          />
          <h2 className={styles.group}>{say('settings.yours')}</h2>
          <div className={styles.cards}>
            <a href={RESTORE_PAGE} className={styles.link}>
              <SettingCard
                icon={<PhoneUpdateRegular />}
                title={say('settings.restore')}
                description={say('settings.aboutRestore')}
                control={() => <ChevronRightRegular aria-hidden className={styles.chevron} />}
              />
            </a>
            <UndoCard view={view} here={here} client={client} act={act} />
          </div>
        </>
      )}
    </Frame>
  );
}

/** Relative times stay true while the page stands open. */
function useHere(): Here {
  const say = useWords();
  const { language } = useLanguage();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return { say, language, now };
}

function Lost({ error, here: { say } }: { readonly error: Error; readonly here: Here }) {
  const styles = useStyles();
  return (
    <div className={styles.notice} role="alert">
      <Reason state="failing" cause={isLost(error) ? say('settings.lost') : say('settings.faultTitle')}>
        {isLost(error) ? say('settings.lostLead', { n: RESTING_MS / 1000 }) : error.message}
      </Reason>
    </div>
  );
}

/** A page that has nothing to switch: says why and what to run. */
function Notice({ title, lead, command }: { readonly title: string; readonly lead: string; readonly command: string }) {
  return (
    <Frame place="backup">
      <PageHead key={title} size="settings" title={title} lead={lead} />
      <CopyText text={command} />
    </Frame>
  );
}
