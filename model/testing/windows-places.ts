/**
 * Places of Windows that neutral values are made of, for tests: type, bit or member, and what a restore accepts.
 *
 * Keys stand for themselves here; what counts for a codec is how a value travels and what its place takes.
 */

import type { RegistryPlace, WindowsPlace } from '../src/setting.ts';

type Allowed = RegistryPlace['allowed'];

function place(type: RegistryPlace['type'], rest: Omit<Partial<RegistryPlace>, 'mechanism'> = {}): RegistryPlace {
  return { mechanism: 'registry', hive: 'HKCU', key: 'Software\\Example', value: 'Value', type, ...rest };
}

const dword = (allowed: Allowed) => place('REG_DWORD', { ...(allowed !== undefined && { allowed }) });
const text = (allowed: Allowed) => place('REG_SZ', { ...(allowed !== undefined && { allowed }) });
const flags = (bit: number) => place('REG_SZ', { mask: { bit, encoding: 'decimalString' } });
const bytes = (bit: number) => place('REG_BINARY', { mask: { bit, encoding: 'bytes' } });
const member = (name: string) => place('REG_SZ', { listMember: { member: name, encoding: 'commaList' } });
const between = (min: number, max: number) => ({ min, max });
const ON_OFF = ['0', '1'];
const TIME = { pattern: `(?:[hHmst:. ]|'[^']*')+` };

export const WINDOWS_PLACES: ReadonlyMap<string, WindowsPlace> = new Map(
  Object.entries({
    'accessibility.audio.flashOn': flags(0),
    'accessibility.audio.flashScreen': text(['0', '1', '2', '3']),
    'accessibility.contrast.on': flags(0),
    'accessibility.filterKeys.acceptDelay': text(between(0, 20_000)),
    'accessibility.filterKeys.bounceTime': text(between(0, 20_000)),
    'accessibility.filterKeys.click': flags(6),
    'accessibility.filterKeys.on': flags(0),
    'accessibility.keyboard.soundOnShortcut': dword(ON_OFF),
    'accessibility.magnifier.followFocus': dword(ON_OFF),
    'accessibility.magnifier.followTextCursor': dword(ON_OFF),
    'accessibility.magnifier.invert': dword(ON_OFF),
    'accessibility.magnifier.startAfterSignIn': member('magnifierpane'),
    'accessibility.magnifier.view': dword(['1', '2', '3']),
    'accessibility.magnifier.zoom': dword(between(100, 1600)),
    'accessibility.mouseKeys.maxSpeed': text(between(10, 360)),
    'accessibility.mouseKeys.on': flags(0),
    'accessibility.mouseKeys.timeToMaxSpeed': text(between(1000, 5000)),
    'accessibility.narrator.startAfterSignIn': member('narrator'),
    'accessibility.onScreenKeyboard.startAfterSignIn': member('osk'),
    'accessibility.pointer.baseSize': dword(between(32, 256)),
    'accessibility.pointer.sizeStep': dword(between(1, 15)),
    'accessibility.stickyKeys.on': flags(0),
    'accessibility.stickyKeys.sound': flags(6),
    'accessibility.stickyKeys.twoKeysOff': flags(8),
    'accessibility.text.scale': dword(between(100, 225)),
    'accessibility.toggleKeys.on': flags(0),
    'accessibility.visual.animations': bytes(33),
    'accessibility.visual.autoHideScrollbars': dword(ON_OFF),
    'autoplay.disabled': dword(ON_OFF),
    'display.fontSmoothing': text(['0', '2']),
    'display.fontSmoothingType': dword(['1', '2']),
    'display.screenSaver.secure': text(ON_OFF),
    'display.screenSaver.timeout': text(between(0, 36_000)),
    'explorer.click.doubleClickToOpen': bytes(37),
    'explorer.view.hiddenItems': dword(['0', '1', '2']),
    'explorer.view.iconsOnly': dword(ON_OFF),
    'keyboard.caretBlinkRate': text({ pattern: '-1|[2-9]\\d\\d|1[01]\\d\\d|1200' }),
    'keyboard.numLockAtStart': text({ pattern: '\\d{1,10}' }),
    'keyboard.repeatDelay': text(['0', '1', '2', '3']),
    'keyboard.repeatRate': text(between(0, 31)),
    'mouse.acceleration': text(['0', '1', '2']),
    'mouse.accelerationThreshold1': text(between(0, 100)),
    'mouse.accelerationThreshold2': text(between(0, 100)),
    'mouse.doubleClickTime': text(between(200, 900)),
    'mouse.locatePointer': bytes(14),
    'mouse.pointerSpeed': text(between(1, 20)),
    'mouse.primaryButton': text(ON_OFF),
    'multitasking.desktops.altTabFilter': dword(ON_OFF),
    'notifications.enabled': dword(ON_OFF),
    'notifications.onLockScreen': dword(ON_OFF),
    'notifications.onLockScreenToast': dword(ON_OFF),
    'personalization.background.color': text({ pattern: '\\d{1,3} \\d{1,3} \\d{1,3}' }),
    'personalization.background.fit': text(['0', '2', '6', '10', '22']),
    'personalization.background.image': {
      mechanism: 'registryImage',
      hive: 'HKCU',
      key: 'Control Panel\\Desktop',
      value: 'WallPaper',
    },
    'personalization.background.tile': text(ON_OFF),
    'personalization.colors.accent': dword(undefined),
    'personalization.colors.appsUseLightTheme': dword(ON_OFF),
    'region.format.clock24': text(ON_OFF),
    'region.format.localeId': text({ pattern: '[0-9a-fA-F]{8}' }),
    'region.format.localeName': text({ pattern: '[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*' }),
    'region.format.longTime': text(TIME),
    'region.format.shortTime': text(TIME),
    'sound.scheme': text({ pattern: '[^\\\\]+' }),
    'start.trackDocuments': dword(ON_OFF),
    'time.automaticTimeZone': dword(['3', '4']),
    'touchpad.cursorSpeed': dword(between(1, 20)),
    'touchpad.rightClickZone': dword(ON_OFF),
    'touchpad.scrollDirection': dword(ON_OFF),
    'touchpad.tapAndDrag': dword(ON_OFF),
    'touchpad.tapToClick': dword(ON_OFF),
    'touchpad.twoFingerScroll': dword(ON_OFF),
  } satisfies Record<string, WindowsPlace>),
);
