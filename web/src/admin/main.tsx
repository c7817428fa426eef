/** Starts the admin center. */

import { mount } from '../shared/mount.tsx';
import { AdminPage } from './admin-page.tsx';

mount(<AdminPage />);
