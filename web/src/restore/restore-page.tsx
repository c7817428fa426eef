/** The restore page. */

import { useWords } from '../shared/words/restore.ts';

export function RestorePage() {
  const say = useWords();
  return (
    <main>
      <h1>{say('restore.choose')}</h1>
    </main>
  );
}
