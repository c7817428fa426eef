/** The restore page itself; main.ts fetches it once the first paint is done. */

import { localClient } from '../shared/local-client.ts';
import { mount } from '../shared/mount.tsx';
import { startLanguage } from '../shared/words/language.tsx';
import { fetchWords } from '../shared/words/restore.ts';
import { restoreClient } from './restore-client.ts';
import { RestorePage } from './restore-page.tsx';

export async function start(): Promise<void> {
  await fetchWords(startLanguage());
  mount(<RestorePage client={restoreClient(localClient())} />);
}
