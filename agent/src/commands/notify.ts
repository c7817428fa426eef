/**
 * A notice on the person's desktop, for when there is no window to say it in.
 *
 * Source: Desktop Notifications Specification 1.2; notify-send where it is installed, else the session bus by gdbus,
 * which every GNOME has.
 */

import type { System } from '../system/system.ts';

/** Whether it was taken. Errors: none; a desktop that shows no notices is no fault of what was done. */
export async function notify(system: System, title: string, text: string): Promise<boolean> {
  const programs: readonly (readonly [string, readonly string[]])[] = [
    ['notify-send', [`--app-name=${APP}`, '--', title, text]],
    ['gdbus', [...CALL, APP, '0', '', title, text, '[]', '{}', '-1']],
  ];
  for (const [program, args] of programs) {
    try {
      if ((await system.run(program, args, { timeoutMs: 5000 })).exit === 0) return true;
    } catch {
      // Not installed, or a bus that waits for a desktop which is not there: the next way, or none.
    }
  }
  return false;
}

const APP = 'Windows Backup';

const CALL = [
  'call',
  '--session',
  '--dest=org.freedesktop.Notifications',
  '--object-path=/org/freedesktop/Notifications',
  '--method=org.freedesktop.Notifications.Notify',
];
