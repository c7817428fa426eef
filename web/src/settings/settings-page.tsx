/** The settings page. */

import { useWords } from '../shared/words/settings.ts';

export function SettingsPage() {
  const say = useWords();
  return (
    <main>
      <h1>{say('settings.title')}</h1>
    </main>
  );
}
