/** The restore page at moments worth seeing. */

import type { PageStory } from '../testing/page-story.ts';

export const stories: readonly PageStory[] = [
  {
    name: 'the restore page opens',
    address: '/restore',
    ready: (page) => page.getByRole('heading', { level: 1 }).waitFor(),
  },
];
