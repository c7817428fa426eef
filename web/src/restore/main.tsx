/** Starts the restore page. */

import { mount } from '../shared/mount.tsx';
import { RestorePage } from './restore-page.tsx';

mount(<RestorePage />);
