/** What an administrator does to a device: end a quarantine in favour of this PC, take a lost one out of use. Each asks first and says what stays. */

import type { ManagedDevice } from '@carryover/model/admin';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Question } from '../parts/question.tsx';
import { useMay } from '../parts/roles.ts';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { releaseDevice, retireDevice } from './devices-data.ts';

export interface DeviceActionsProps {
  readonly graph: Graph;
  readonly device: ManagedDevice;
  /** The device is in no list any more. */
  readonly onGone: () => void;
  /** Takes the focus when the button that asked is gone. */
  readonly elseFocus: RefObject<HTMLElement | null>;
}

type Deed = 'release' | 'retire';

export function DeviceActions({ graph, device, onGone, elseFocus }: DeviceActionsProps) {
  const say = useWords();
  const styles = usePageStyles();
  const may = useMay(graph)('devices');
  const [asking, setAsking] = useState<Deed>();
  const { quarantined } = device.carryover;
  return (
    <div className={styles.tools}>
      {quarantined ? (
        <TaskButton task="devices" may={may} small quiet onClick={() => setAsking('release')}>
          {say('deviceList.release')}
        </TaskButton>
      ) : null}
      <TaskButton task="devices" may={may} small onClick={() => setAsking('retire')}>
        {say('deviceList.retire')}
      </TaskButton>
      {asking === undefined ? null : (
        <AskFirst
          graph={graph}
          deed={asking}
          device={device}
          elseFocus={elseFocus}
          onClose={() => setAsking(undefined)}
          onGone={onGone}
        />
      )}
    </div>
  );
}

interface AskFirstProps extends DeviceActionsProps {
  readonly deed: Deed;
  readonly onClose: () => void;
}

function AskFirst({ graph, deed, device, elseFocus, onClose, onGone }: AskFirstProps) {
  const say = useWords();
  const queries = useQueryClient();
  const name = device.deviceName;
  const doing = useMutation({
    mutationFn: async (): Promise<boolean> => {
      if (deed === 'release') return (await releaseDevice(graph, device.id)) === device.id;
      await retireDevice(graph, device.id);
      return false;
    },
    onSuccess: async (isStillThere) => {
      onClose();
      // A device that is gone is not asked for again: its pane closes first.
      if (!isStillThere) onGone();
      await queries.invalidateQueries({ queryKey: ['devices'] });
      if (isStillThere) await queries.invalidateQueries({ queryKey: ['device', device.id] });
    },
  });
  return (
    <Question
      title={say(deed === 'release' ? 'deviceList.releaseTitle' : 'deviceList.retireTitle', { name })}
      doIt={say(deed === 'release' ? 'deviceList.releaseNow' : 'deviceList.retireNow')}
      deed={doing}
      onClose={onClose}
      elseFocus={elseFocus}
    >
      <span>{say(deed === 'release' ? 'deviceList.releaseWhat' : 'deviceList.retireWhat', { name })}</span>
      <span>{say(deed === 'release' ? 'deviceList.releaseStays' : 'deviceList.retireStays')}</span>
    </Question>
  );
}
