/** Starts the admin center. */

import { mount } from '../shared/mount.tsx';
import { AdminPage } from './admin-page.tsx';
import { Answers } from './answers.tsx';

mount(
  <Answers>
    <AdminPage />
  </Answers>,
);
