/**
 * Actions of SystemParametersInfo: their numbers, and how each takes its value.
 *
 * Source: winuser.h; SystemParametersInfoW in Microsoft's documentation. SPI_SETTOUCHPADPARAMETERS is left out: its
 * structure is documented as preliminary, and a wrong one would do more harm than signing in again.
 */

/** A place of the registry that one member of a structure comes from. */
interface Member {
  /** In bytes from the beginning of the structure. */
  readonly at: number;
  readonly key: string;
  readonly value: string;
}

export type SpiAction = {
  readonly number: number;
} & (
  | {
      /** uiParam, or pvParam itself as a number, or both: Windows and Wine read SPI_SETMOUSESPEED from different ones. */
      readonly takes: 'uiParam' | 'pvParam' | 'both' | 'nothing';
    }
  /** pvParam points to a text that a value of the registry holds. */
  | { readonly takes: 'text'; readonly key: string; readonly value: string }
  /** pvParam points to a structure; `get` fills in what the registry does not have. Sizes in bytes. */
  | {
      readonly takes: 'structure';
      readonly get: number;
      readonly bytes: number;
      /** The first member is the structure's size, and uiParam as well. */
      readonly sized: boolean;
      readonly members: readonly Member[];
    }
);

const DESKTOP = 'Control Panel\\Desktop';
const MOUSE = 'Control Panel\\Mouse';
const ACCESSIBILITY = 'Control Panel\\Accessibility';

const byUiParam = (number: number): SpiAction => ({ number, takes: 'uiParam' });
const byPvParam = (number: number): SpiAction => ({ number, takes: 'pvParam' });

function structure(
  number: number,
  bytes: number,
  key: string,
  members: Readonly<Record<string, number>>,
  sized = true,
): SpiAction {
  const list = Object.entries(members).map(([value, at]) => ({ at, key, value }));
  // Each SPI_SET has its SPI_GET right before it.
  return { number, takes: 'structure', get: number - 1, bytes, sized, members: list };
}

export const SPI_ACTIONS: Readonly<Record<string, SpiAction>> = {
  SPI_SETMOUSE: structure(0x04, 12, MOUSE, { MouseThreshold1: 0, MouseThreshold2: 4, MouseSpeed: 8 }, false),
  SPI_SETKEYBOARDSPEED: byUiParam(0x0b),
  SPI_SETSCREENSAVETIMEOUT: byUiParam(0x0f),
  SPI_SETSCREENSAVEACTIVE: byUiParam(0x11),
  SPI_SETDESKWALLPAPER: { number: 0x14, takes: 'text', key: DESKTOP, value: 'WallPaper' },
  SPI_SETKEYBOARDDELAY: byUiParam(0x17),
  SPI_SETDOUBLECLICKTIME: byUiParam(0x20),
  SPI_SETMOUSEBUTTONSWAP: byUiParam(0x21),
  SPI_SETDRAGFULLWINDOWS: byUiParam(0x25),
  SPI_SETFILTERKEYS: structure(0x33, 24, `${ACCESSIBILITY}\\Keyboard Response`, {
    Flags: 4,
    DelayBeforeAcceptance: 8,
    AutoRepeatDelay: 12,
    AutoRepeatRate: 16,
    BounceTime: 20,
  }),
  SPI_SETTOGGLEKEYS: structure(0x35, 8, `${ACCESSIBILITY}\\ToggleKeys`, { Flags: 4 }),
  SPI_SETMOUSEKEYS: structure(0x37, 28, `${ACCESSIBILITY}\\MouseKeys`, {
    Flags: 4,
    MaximumSpeed: 8,
    TimeToMaximumSpeed: 12,
  }),
  SPI_SETSTICKYKEYS: structure(0x3b, 8, `${ACCESSIBILITY}\\StickyKeys`, { Flags: 4 }),
  SPI_SETSOUNDSENTRY: structure(0x41, 56, `${ACCESSIBILITY}\\SoundSentry`, { Flags: 4, WindowsEffect: 32 }),
  SPI_SETHIGHCONTRAST: structure(0x43, 16, `${ACCESSIBILITY}\\HighContrast`, { Flags: 4 }),
  SPI_SETKEYBOARDPREF: byUiParam(0x45),
  SPI_SETANIMATION: structure(0x49, 8, `${DESKTOP}\\WindowMetrics`, { MinAnimate: 4 }),
  SPI_SETFONTSMOOTHING: byUiParam(0x4b),
  SPI_SETCURSORS: { number: 0x57, takes: 'nothing' },
  SPI_SETMOUSETRAILS: byUiParam(0x5d),
  SPI_SETSNAPTODEFBUTTON: byUiParam(0x60),
  SPI_SETWHEELSCROLLLINES: byUiParam(0x69),
  SPI_SETWHEELSCROLLCHARS: byUiParam(0x6d),
  SPI_SETMOUSESPEED: { number: 0x71, takes: 'both' },
  SPI_SETSCREENSAVESECURE: byUiParam(0x77),
  SPI_SETMENUANIMATION: byPvParam(0x1003),
  SPI_SETCOMBOBOXANIMATION: byPvParam(0x1005),
  SPI_SETLISTBOXSMOOTHSCROLLING: byPvParam(0x1007),
  SPI_SETKEYBOARDCUES: byPvParam(0x100b),
  SPI_SETSELECTIONFADE: byPvParam(0x1015),
  SPI_SETTOOLTIPANIMATION: byPvParam(0x1017),
  SPI_SETCURSORSHADOW: byPvParam(0x101b),
  SPI_SETMOUSESONAR: byPvParam(0x101d),
  SPI_SETMOUSECLICKLOCK: byPvParam(0x101f),
  SPI_SETMOUSEVANISH: byPvParam(0x1021),
  SPI_SETDROPSHADOW: byPvParam(0x1025),
  SPI_SETUIEFFECTS: byPvParam(0x103f),
  SPI_SETCLIENTAREAANIMATION: byPvParam(0x1043),
  SPI_SETCARETWIDTH: byPvParam(0x2007),
  SPI_SETFONTSMOOTHINGTYPE: byPvParam(0x200b),
  SPI_SETMESSAGEDURATION: byPvParam(0x2017),
  SPI_SETCONTACTVISUALIZATION: byPvParam(0x2019),
  SPI_SETGESTUREVISUALIZATION: byPvParam(0x201b),
  SPI_SETMOUSEWHEELROUTING: byPvParam(0x201d),
};
