/** The admin center. */

import { useWords } from '../shared/words/admin.ts';

export function AdminPage() {
  const say = useWords();
  return (
    <main>
      <h1>{say('admin.title')}</h1>
    </main>
  );
}
