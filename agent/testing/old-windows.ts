/**
 * A Windows PC for tests of what goes between platforms: what it has set, and a catalog that knows its places.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from '@carryover/model/canonical';
import type { Catalog, Setting } from '@carryover/model/setting';
import { WINDOWS_PLACES } from '../../model/testing/windows-places.ts';
import { aSetting } from './sample-catalog.ts';

export const text = (data: string): Json => ({ type: 'REG_SZ', data });
export const dword = (data: number): Json => ({ type: 'REG_DWORD', data });

/** A Windows PC with every place set, most of them to something other than what Windows starts with. */
export const OLD_WINDOWS: Readonly<Record<string, Json>> = {
  'accessibility.audio.flashOn': true,
  'accessibility.audio.flashScreen': text('3'),
  'accessibility.contrast.on': true,
  'accessibility.filterKeys.acceptDelay': text('700'),
  'accessibility.filterKeys.bounceTime': text('0'),
  'accessibility.filterKeys.click': false,
  'accessibility.filterKeys.on': true,
  'accessibility.keyboard.soundOnShortcut': dword(0),
  'accessibility.magnifier.followFocus': dword(1),
  'accessibility.magnifier.followTextCursor': dword(1),
  'accessibility.magnifier.invert': dword(1),
  'accessibility.magnifier.startAfterSignIn': true,
  'accessibility.magnifier.view': dword(3),
  'accessibility.magnifier.zoom': dword(350),
  'accessibility.mouseKeys.maxSpeed': text('40'),
  'accessibility.mouseKeys.on': true,
  'accessibility.mouseKeys.timeToMaxSpeed': text('1500'),
  'accessibility.narrator.startAfterSignIn': true,
  'accessibility.onScreenKeyboard.startAfterSignIn': true,
  'accessibility.pointer.baseSize': dword(64),
  'accessibility.pointer.sizeStep': dword(3),
  'accessibility.stickyKeys.on': true,
  'accessibility.stickyKeys.sound': false,
  'accessibility.stickyKeys.twoKeysOff': false,
  'accessibility.text.scale': dword(150),
  'accessibility.toggleKeys.on': true,
  'accessibility.visual.animations': false,
  'accessibility.visual.autoHideScrollbars': dword(0),
  'autoplay.disabled': dword(1),
  'display.fontSmoothing': text('2'),
  'display.fontSmoothingType': dword(1),
  'display.screenSaver.secure': text('1'),
  'display.screenSaver.timeout': text('600'),
  'explorer.click.doubleClickToOpen': false,
  'explorer.view.hiddenItems': dword(1),
  'explorer.view.iconsOnly': dword(1),
  'keyboard.caretBlinkRate': text('400'),
  'keyboard.numLockAtStart': text('2147483650'),
  'keyboard.repeatDelay': text('2'),
  'keyboard.repeatRate': text('20'),
  'mouse.acceleration': text('0'),
  'mouse.accelerationThreshold1': text('0'),
  'mouse.accelerationThreshold2': text('0'),
  'mouse.doubleClickTime': text('700'),
  'mouse.locatePointer': true,
  'mouse.pointerSpeed': text('15'),
  'mouse.primaryButton': text('1'),
  'multitasking.desktops.altTabFilter': dword(0),
  'notifications.enabled': dword(0),
  'notifications.onLockScreen': dword(0),
  'notifications.onLockScreenToast': dword(0),
  'personalization.background.color': text('0 99 177'),
  'personalization.background.fit': text('0'),
  'personalization.background.image': { path: `\${HOME}\\Pictures\\sea.jpg`, blob: 'b1', bytes: 9 },
  'personalization.background.tile': text('1'),
  'personalization.colors.accent': dword(0xff2311e8),
  'personalization.colors.appsUseLightTheme': dword(0),
  'region.format.clock24': text('1'),
  'region.format.localeId': text('00000407'),
  'region.format.localeName': text('de-DE'),
  'region.format.longTime': text('HH:mm:ss'),
  'region.format.shortTime': text('HH:mm'),
  'sound.scheme': text('.None'),
  'start.trackDocuments': dword(0),
  'time.automaticTimeZone': dword(3),
  'touchpad.cursorSpeed': dword(15),
  'touchpad.rightClickZone': dword(1),
  'touchpad.scrollDirection': dword(1),
  'touchpad.tapAndDrag': dword(0),
  'touchpad.tapToClick': dword(0),
  'touchpad.twoFingerScroll': dword(0),
};

/** The catalog with one setting for each place on Windows; where Linux has one of that id, it is the same setting. */
export function catalogWithWindows(): Catalog {
  const catalog = JSON.parse(readFileSync(join(import.meta.dirname, '../../catalog/catalog.json'), 'utf8')) as Catalog;
  const ids = new Set(catalog.settings.map(({ id }) => id));
  const both = catalog.settings.map((setting): Setting => {
    const place = WINDOWS_PLACES.get(setting.id);
    return place === undefined ? setting : { ...setting, windows: [place] };
  });
  const windowsOnly = [...WINDOWS_PLACES].flatMap(([id, place]) => {
    if (ids.has(id)) return [];
    const { linux: _, ...setting } = aSetting({ id });
    return [{ ...setting, windows: [place] }];
  });
  return { ...catalog, settings: [...both, ...windowsOnly] };
}
