/** All mechanisms that serve places of Windows. */

import { file } from './file.ts';
import { lockScreen } from './lock-screen.ts';
import type { Mechanism } from './mechanism.ts';
import { pins } from './pins.ts';
import { registry } from './registry.ts';

export const WINDOWS_MECHANISMS: readonly Mechanism[] = [file, registry, lockScreen, pins];
