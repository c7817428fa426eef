/** Starts the restore page. */

import { mount } from '../shared/mount.tsx';
import { restoreClient } from './restore-client.ts';
import { RestorePage } from './restore-page.tsx';

mount(<RestorePage client={restoreClient()} />);
