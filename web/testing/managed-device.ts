/** A device as the service lists it, for tests: backed up, of Lena Brandt. */

import type { ManagedDevice } from '../../model/src/admin.ts';

export function aDevice(id: string, backup: Partial<ManagedDevice['carryover']['backup']> = {}): ManagedDevice {
  return {
    id,
    deviceName: `PC-${id}`,
    operatingSystem: 'Linux',
    osVersion: 'Debian GNU/Linux 13',
    joinType: 'azureADJoined',
    managedDeviceOwnerType: 'company',
    enrolledDateTime: '2026-10-01T08:00:00Z',
    lastSyncDateTime: '2026-11-01T08:00:00Z',
    userId: 'u1',
    userPrincipalName: 'lena@auental.example',
    userDisplayName: 'Lena Brandt',
    carryover: {
      platform: 'linux',
      build: '48',
      joinType: 'joined',
      agentVersion: '0.1.0',
      quarantined: false,
      clones: [],
      formerDeviceId: null,
      provisioning: { mode: 'manual' },
      osJoin: {},
      restorePageAtEnrollment: true,
      people: [{ id: 'u1', displayName: 'Lena Brandt', userPrincipalName: 'lena@auental.example' }],
      backup: { state: 'backedUp', reasons: [], lastBackupDateTime: '2026-10-02T08:00:00Z', failed: null, ...backup },
      restore: { reasons: [], setupOutcome: null, newest: null },
    },
  };
}
