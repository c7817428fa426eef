/** Starts the restore page. */

import { mount } from '../shared/mount.tsx';
import { startLanguage } from '../shared/words/language.tsx';
import { fetchWords } from '../shared/words/restore.ts';
import { restoreClient } from './restore-client.ts';
import { RestorePage } from './restore-page.tsx';

await fetchWords(startLanguage());
mount(<RestorePage client={restoreClient()} />);
