/** The admin center at moments worth seeing. */

import type { PageStory } from '../testing/page-story.ts';

export const stories: readonly PageStory[] = [
  {
    name: 'the admin center opens',
    address: '/admin',
    firstLoad: true,
    ready: (page) => page.getByRole('heading', { level: 1 }).waitFor(),
  },
];
