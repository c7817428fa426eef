/** The devices of the organization: a list to search and filter, and one device opened beside it. */

import type { ManagedDevice } from '@carryover/model/admin';
import { Button, Link, makeStyles, mergeClasses } from '@fluentui/react-components';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { StateText } from '../../shared/state-text.tsx';
import { tokens } from '../../shared/theme.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { atStart, day } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { LastOutcome, WhyNot } from './device-cells.tsx';
import { DeviceFilters } from './device-filters.tsx';
import { DevicePane } from './device-pane.tsx';
import { COVERAGE_WORDS } from './device-words.ts';
import { type DevicesAsked, listDevices } from './devices-data.ts';

const useStyles = makeStyles({
  withPane: {
    gridTemplateColumns: 'minmax(0, 1fr) minmax(0, 424px)',
    columnGap: tokens.spacingHorizontalL,
    alignItems: 'start',
    '@media (max-width: 1100px)': { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  // Cells break anywhere; a state is a few short words, which do not.
  state: { minWidth: '7rem' },
  pane: { '@media (max-width: 1100px)': { order: -1 } },
});

export interface DevicesViewProps {
  readonly graph: Graph;
  /** What the address asks for. */
  readonly asked: DevicesAsked;
  readonly onAsk: (asked: DevicesAsked) => void;
  /** The address of what would be asked. */
  readonly hrefOf: (asked: DevicesAsked) => string;
  readonly onEnroll: () => void;
}

export function DevicesView({ graph, asked, onAsk, hrefOf, onEnroll }: DevicesViewProps) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const { search, state, system, join, device } = asked;
  const found = useInfiniteQuery({
    queryKey: ['devices', search, state, system, join],
    queryFn: ({ pageParam, signal }) => listDevices(graph, asked, { nextLink: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextLink }) => nextLink,
  });
  const list = useRef<HTMLDivElement>(null);
  const close = () => {
    // Back to where it was opened, while that is still marked as such.
    list.current?.querySelector<HTMLElement>('[aria-current="true"]')?.focus();
    onAsk({ ...asked, device: undefined });
  };
  const devices = found.data?.pages.flatMap(({ value }) => value) ?? [];
  return (
    <>
      <PageHead size="admin" title={say('deviceList.title')} lead={say('deviceList.lead')} />
      <div className={page.stack}>
        <DeviceFilters key={search ?? ''} asked={asked} onAsk={onAsk} />
        <div className={mergeClasses(page.stack, device !== undefined && styles.withPane)}>
          <div ref={list} className={page.stack}>
            {found.isPending ? <Waiting rows={12} /> : null}
            {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
            {found.isSuccess && devices.length === 0 ? <Empty asked={asked} onAsk={onAsk} onEnroll={onEnroll} /> : null}
            {devices.length === 0 ? null : (
              <DeviceTable devices={devices} asked={asked} onAsk={onAsk} hrefOf={hrefOf} />
            )}
            <div className={page.tools}>
              <span role="status" className={page.quiet}>
                {devices.length === 0 ? '' : say('deviceList.shown', { n: devices.length })}
              </span>
              {found.hasNextPage ? (
                <Button disabledFocusable={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
                  {say('page.showMore')}
                </Button>
              ) : null}
            </div>
          </div>
          {device === undefined ? null : (
            <div className={styles.pane}>
              <DevicePane key={device} graph={graph} id={device} onClose={close} />
            </div>
          )}
        </div>
      </div>
    </>
  );
}

interface DeviceTableProps extends Pick<DevicesViewProps, 'asked' | 'onAsk' | 'hrefOf'> {
  readonly devices: readonly ManagedDevice[];
}

function DeviceTable({ devices, asked, onAsk, hrefOf }: DeviceTableProps) {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  const now = new Date();
  // The pane says both, and takes their room.
  const isOpen = asked.device !== undefined;
  return (
    <ListTable
      label={say('deviceList.title')}
      columns={[
        say('deviceList.device'),
        say('deviceList.person'),
        say('deviceList.system'),
        say('deviceList.backup'),
        ...(isOpen ? [] : [say('deviceList.why'), say('deviceList.lastOutcome')]),
        say('deviceList.lastBackup'),
      ]}
      rows={devices.map((device) => {
        const { state, lastBackupDateTime } = device.carryover.backup;
        const opened = { ...asked, device: device.id };
        return {
          key: device.id,
          chosen: asked.device === device.id,
          cells: [
            <Link
              key="name"
              href={hrefOf(opened)}
              aria-current={asked.device === device.id ? 'true' : undefined}
              onClick={(event) => {
                if (event.ctrlKey || event.metaKey || event.shiftKey) return;
                event.preventDefault();
                onAsk(opened);
              }}
            >
              <bdi>{device.deviceName}</bdi>
            </Link>,
            device.userDisplayName ?? say('deviceList.noPerson'),
            device.osVersion,
            <div key="state" className={styles.state}>
              <StateText state={COVERAGE_WORDS[state].state}>{say(COVERAGE_WORDS[state].name)}</StateText>
            </div>,
            ...(isOpen
              ? []
              : [
                  <WhyNot
                    key="why"
                    reasons={device.carryover.backup.reasons}
                    failed={device.carryover.backup.failed}
                  />,
                  <LastOutcome key="outcome" restore={device.carryover.restore} now={now} />,
                ]),
            lastBackupDateTime === null
              ? say('deviceList.neverAt')
              : atStart(day(lastBackupDateTime, now, { language }), { language }),
          ],
        };
      })}
    />
  );
}

function Empty({ asked, onAsk, onEnroll }: Pick<DevicesViewProps, 'asked' | 'onAsk' | 'onEnroll'>) {
  const say = useWords();
  const styles = usePageStyles();
  const filters = [
    asked.search,
    asked.state && say(COVERAGE_WORDS[asked.state].name),
    asked.system,
    asked.join && say(`deviceList.join.${asked.join}`),
  ].filter((filter) => filter !== undefined);
  if (filters.length > 0)
    return (
      <div className={styles.card}>
        <p className={styles.plain}>{say('deviceList.noMatch', { filters: filters.join(', ') })}</p>
        <div>
          <Button onClick={() => onAsk({})}>{say('deviceList.clear')}</Button>
        </div>
      </div>
    );
  return (
    <div className={styles.card}>
      <h2 className={styles.heading}>{say('deviceList.none')}</h2>
      <p className={styles.plain}>{say('deviceList.noneNext')}</p>
      <div>
        <Button appearance="primary" onClick={onEnroll}>
          {say('deviceList.toEnrollment')}
        </Button>
      </div>
    </div>
  );
}
