/** The admin center at moments worth seeing. */

import { Answer } from '../testing/page-server.ts';
import type { PageStory } from '../testing/page-story.ts';

const EMPTY = {
  code: 'itemNotFound',
  message: 'There is no organization yet.',
  innerError: { code: 'noOrganization' },
};

export const stories: readonly PageStory[] = [
  {
    name: 'the admin center of an empty service leads to the set-up',
    address: '/admin',
    answers: { 'GET /admin/organization': new Answer(404, { error: EMPTY }) },
    firstLoad: true,
    ready: (page) => page.getByRole('link', { name: /Set up|einrichten/ }).waitFor(),
  },
];
