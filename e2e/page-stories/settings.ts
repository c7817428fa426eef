/** The settings page at moments worth seeing. */

import type { PageStory } from '../testing/page-story.ts';

export const stories: readonly PageStory[] = [
  {
    name: 'the settings page opens',
    address: '/settings',
    ready: (page) => page.getByRole('heading', { level: 1 }).waitFor(),
  },
];
