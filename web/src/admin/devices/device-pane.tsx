/** One device: why it can or cannot be backed up, its backups and restores, and what it is. */

import type { ManagedDevice } from '@carryover/model/admin';
import { type Reason, wordsOf } from '@carryover/model/reasons';
import { Button } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { FactList } from '../../shared/fact-list.tsx';
import type { Graph } from '../../shared/graph.ts';
import { StateText } from '../../shared/state-text.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { atStart, fullTime, span, when } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { DeviceActions } from './device-actions.tsx';
import { DevicePolicyList } from './device-policy.tsx';
import { COVERAGE_WORDS, SETUP_OUTCOME_WORDS } from './device-words.ts';
import { getDevice } from './devices-data.ts';

export interface DevicePaneProps {
  readonly graph: Graph;
  readonly id: string;
  readonly onClose: () => void;
}

export function DevicePane({ graph, id, onClose }: DevicePaneProps) {
  const say = useWords();
  const styles = usePageStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  // It lies behind the whole list for the Tab key, and was asked for just now.
  useEffect(() => heading.current?.focus(), []);
  const found = useQuery({ queryKey: ['device', id], queryFn: ({ signal }) => getDevice(graph, id, signal) });
  const device = found.data;
  return (
    <aside aria-label={device?.deviceName ?? say('deviceList.device')} className={styles.card}>
      <div className={styles.tools}>
        <h2 ref={heading} tabIndex={-1} className={styles.heading}>
          <bdi>{device?.deviceName ?? say('deviceList.device')}</bdi>
        </h2>
        <Button size="small" onClick={onClose}>
          {say('common.close')}
        </Button>
      </div>
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isPending ? <Waiting rows={5} /> : null}
      {device === undefined ? null : <Details device={device} />}
      {device === undefined ? null : <DevicePolicyList graph={graph} id={device.id} />}
      {device === undefined ? null : (
        <DeviceActions graph={graph} device={device} onGone={onClose} elseFocus={heading} />
      )}
    </aside>
  );
}

function Details({ device }: { readonly device: ManagedDevice }) {
  const say = useWords();
  const styles = usePageStyles();
  const { language } = useLanguage();
  const place = { language };
  const { carryover } = device;
  const { backup, restore, people } = carryover;
  const coverage = COVERAGE_WORDS[backup.state];
  const at = (instant: string) => <bdi>{fullTime(instant, place)}</bdi>;
  const { newest } = restore;
  return (
    <>
      <h3 className={styles.heading}>{say('deviceList.eligibility')}</h3>
      {carryover.quarantined ? <StateText state="failing">{say('deviceList.clone')}</StateText> : null}
      {carryover.clones.length === 0 ? null : (
        <p className={styles.quiet}>{say('deviceList.clones', { n: carryover.clones.length })}</p>
      )}
      <Reasons
        reasons={backup.reasons}
        can={say('deviceList.canBackUp')}
        cannot={say('deviceList.cannot', { n: backup.reasons.length })}
      />
      <Reasons
        reasons={restore.reasons}
        can={say('deviceList.canRestore')}
        cannot={say('deviceList.cannotRestore', { n: restore.reasons.length })}
      />
      <h3 className={styles.heading}>{say('deviceList.backups')}</h3>
      <FactList
        facts={[
          {
            name: say('deviceList.backup'),
            value: <StateText state={coverage.state}>{say(coverage.name)}</StateText>,
          },
          {
            name: say('deviceList.lastBackup'),
            value: backup.lastBackupDateTime === null ? say('deviceList.neverAt') : at(backup.lastBackupDateTime),
          },
          ...(backup.failed === null
            ? []
            : [
                {
                  name: say('deviceList.failed'),
                  value: (
                    <StateText state="failing">
                      {say('deviceList.failedRuns', { n: backup.failed.runs, code: backup.failed.code })}
                    </StateText>
                  ),
                },
              ]),
          {
            name: say('deviceList.people'),
            value: people.map(({ displayName }) => displayName).join(', ') || say('deviceList.noPerson'),
          },
        ]}
      />
      <h3 className={styles.heading}>{say('deviceList.restores')}</h3>
      <FactList
        facts={[
          {
            name: say('deviceList.newest'),
            value:
              newest === null
                ? say('deviceList.neverAt')
                : `${say(`deviceList.outcome.${newest.outcome}`)}, ${when(newest.startedDateTime, new Date(), place)}`,
          },
          ...(newest === null || newest.sinceSignInMs === null
            ? []
            : [{ name: say('deviceList.sinceSignIn'), value: span(newest.sinceSignInMs, place) }]),
          {
            name: say('deviceList.restorePage'),
            value: say(carryover.restorePageAtEnrollment ? 'common.on' : 'common.off'),
          },
          ...(restore.setupOutcome === null
            ? []
            : [{ name: say('deviceList.setupOutcome'), value: say(SETUP_OUTCOME_WORDS[restore.setupOutcome]) }]),
        ]}
      />
      <h3 className={styles.heading}>{say('deviceList.device')}</h3>
      <FactList
        facts={[
          { name: say('deviceList.system'), value: <bdi>{device.osVersion}</bdi> },
          { name: say('deviceList.build'), value: <bdi>{carryover.build}</bdi> },
          {
            name: say('deviceList.provisioning'),
            value: [say(`provisioning.${carryover.provisioning.mode}`), carryover.provisioning.profileName]
              .filter(Boolean)
              .join(', '),
          },
          { name: say('deviceList.join'), value: say(`deviceList.join.${device.joinType}`) },
          ...(carryover.osJoin.domain === undefined
            ? []
            : [{ name: say('deviceList.domain'), value: <bdi>{carryover.osJoin.domain}</bdi> }]),
          {
            name: say('deviceList.owner'),
            value: say(device.managedDeviceOwnerType === 'company' ? 'deviceList.company' : 'deviceList.personal'),
          },
          { name: say('deviceList.enrolled'), value: at(device.enrolledDateTime) },
          { name: say('deviceList.lastSeen'), value: atStart(when(device.lastSyncDateTime, new Date(), place), place) },
          { name: say('deviceList.agent'), value: <bdi>{carryover.agentVersion}</bdi> },
        ]}
      />
    </>
  );
}

interface ReasonsProps {
  readonly reasons: readonly Reason[];
  readonly can: string;
  readonly cannot: string;
}

/** What a device can, or why it cannot and what to do, each with its remedy. */
function Reasons({ reasons, can, cannot }: ReasonsProps) {
  const { language } = useLanguage();
  if (reasons.length === 0) return <StateText state="fine">{can}</StateText>;
  return (
    <>
      <StateText state="off">{cannot}</StateText>
      <ul>
        {reasons.map((reason) => {
          const words = wordsOf(reason, language);
          return (
            <li key={JSON.stringify(reason)}>
              {words.reason} {words.remedy}
            </li>
          );
        })}
      </ul>
    </>
  );
}
