/** Starts the admin center. */

import { mount } from '../shared/mount.tsx';
import { AdminPage } from './admin-page.tsx';
import { Queries } from './queries.tsx';

mount(
  <Queries>
    <AdminPage />
  </Queries>,
);
