import assert from 'node:assert/strict';
import { openServiceStore, testOnEveryFreshDatabase } from '../../testing/databases.ts';
import { aRecoveryCopy } from '../../testing/deployment-keys.ts';
import { runUntilKilled } from '../../testing/killed-process.ts';
import { ALICE, addSamplePeople } from '../../testing/people.ts';
import { deploymentKeyFrom } from '../keys/deployment-key.ts';
import { openKeys } from '../keys/hierarchy.ts';
import { listProfiles } from '../profiles/profiles.ts';
import { blobContent, listSnapshots, snapshotContent } from './snapshots.ts';
import { startValidator } from './validator.ts';

testOnEveryFreshDatabase(
  'killed while taking uploads: nothing acknowledged is lost, nothing half there is visible',
  async (database) => {
    await (await openServiceStore(database)).close();
    await addSamplePeople(database);
    const copy = aRecoveryCopy();
    const { databaseUrl, keysUrl } = database;

    const { lines } = await runUntilKilled('./upload-until-killed.ts', [databaseUrl, keysUrl, copy], 60);

    const store = await openServiceStore(database);
    const keys = await openKeys({ databaseUrl: keysUrl, deploymentKey: async () => deploymentKeyFrom(copy) });
    const storage = { store, keys };
    const faults: unknown[] = [];
    const validator = startValidator({ storage, onFault: (error) => faults.push(error) });
    await validator.settled();
    assert.ok(lines.length >= 59, `${lines.length} acknowledged`);
    assert.deepEqual(faults, []);

    // Everything visible is whole.
    const profiles = await listProfiles(store, ALICE);
    const visible = new Set<string>();
    for (const { profileId } of profiles)
      for (const { seq, state } of await listSnapshots(store, ALICE, profileId)) {
        assert.equal(state, 'valid', `${profileId} ${seq}`);
        const { head } = await snapshotContent(storage, ALICE, { profileId, seq, categories: ['personalization'] });
        assert.equal(head.parts.length, 2);
        visible.add(`${profileId} ${seq}`);
      }
    // Everything acknowledged is visible.
    for (const line of lines) {
      const [profileId = '', seq, blobId = ''] = line.split(' ');
      assert.ok(visible.has(`${profileId} ${seq}`), line);
      assert.equal((await blobContent(storage, ALICE, { profileId, blobId })).length, 300_000);
    }
    await validator.close();
    await keys.close();
    await store.close();
  },
);
