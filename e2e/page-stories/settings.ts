/** The settings page at moments worth seeing. */

import { anOffView, aSettingsView } from '../../web/testing/settings-views.ts';
import { DARK, LIGHT } from '../testing/page-look.ts';
import type { PageStory } from '../testing/page-story.ts';

export const stories: readonly PageStory[] = [
  {
    name: 'the settings page of a PC that is backed up',
    address: '/settings',
    answers: { 'GET /api/settings': aSettingsView(), 'GET /api/history': { value: [] } },
    ready: (page) => page.getByRole('switch').first().waitFor(),
    pictures: [{ file: 'settings', look: LIGHT }],
  },
  {
    name: 'the settings page where backup is off says why',
    address: '/settings',
    answers: { 'GET /api/settings': anOffView(), 'GET /api/history': { value: [] } },
    ready: (page) => page.getByRole('switch').first().waitFor(),
    pictures: [{ file: 'settings-off', look: DARK }],
  },
  {
    name: 'the settings page without its device',
    address: '/settings',
    ready: (page) => page.getByRole('heading', { level: 1 }).waitFor(),
  },
];
