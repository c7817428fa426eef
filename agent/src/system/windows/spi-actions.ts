/**
 * Actions of SystemParametersInfo: their numbers, and how each takes its value.
 *
 * Source: winuser.h; SystemParametersInfoW and TOUCHPAD_PARAMETERS in Microsoft's documentation.
 */

/** A place of the registry that one member of a structure comes from. */
export interface Member {
  /** In bytes from the beginning of the structure. */
  readonly at: number;
  /** The member is one bit of the number there, the lowest being 0: set by any value but 0. */
  readonly bit?: number;
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
      /** What the first member says: the structure's size or version; uiParam then is its size, and without it 0. */
      readonly head: number | undefined;
      readonly members: readonly Member[];
    }
);

const DESKTOP = 'Control Panel\\Desktop';
const MOUSE = 'Control Panel\\Mouse';
const ACCESSIBILITY = 'Control Panel\\Accessibility';
const TOUCHPAD = 'Software\\Microsoft\\Windows\\CurrentVersion\\PrecisionTouchPad';

const NO_HEAD = undefined;

const byUiParam = (number: number): SpiAction => ({ number, takes: 'uiParam' });
const byPvParam = (number: number): SpiAction => ({ number, takes: 'pvParam' });

function structure(
  number: number,
  bytes: number,
  key: string,
  members: Readonly<Record<string, number>>,
  head: number | undefined = bytes,
): SpiAction {
  const list = Object.entries(members).map(([value, at]) => ({ at, key, value }));
  // Each SPI_SET has its SPI_GET right before it.
  return { number, takes: 'structure', get: number - 1, bytes, head, members: list };
}

/** Offsets and bits of the members that people set, by their values in the registry; 44 bytes in its first version. */
const TOUCHPAD_MEMBERS: Readonly<Record<string, Pick<Member, 'at' | 'bit'>>> = {
  FeedbackEnabled: { at: 16, bit: 1 },
  TapsEnabled: { at: 16, bit: 2 },
  TapAndDrag: { at: 16, bit: 3 },
  TwoFingerTapEnabled: { at: 16, bit: 4 },
  RightClickZoneEnabled: { at: 16, bit: 5 },
  PanEnabled: { at: 16, bit: 7 },
  ZoomEnabled: { at: 16, bit: 8 },
  ScrollDirection: { at: 16, bit: 9 },
  AAPThreshold: { at: 20 },
  CursorSpeed: { at: 24 },
  FeedbackIntensity: { at: 28 },
};

const touchpad: SpiAction = {
  number: 0xaf,
  takes: 'structure',
  get: 0xae,
  bytes: 44,
  head: 1,
  members: Object.entries(TOUCHPAD_MEMBERS).map(([value, place]) => ({ ...place, key: TOUCHPAD, value })),
};

export const SPI_ACTIONS: Readonly<Record<string, SpiAction>> = {
  SPI_SETMOUSE: structure(0x04, 12, MOUSE, { MouseThreshold1: 0, MouseThreshold2: 4, MouseSpeed: 8 }, NO_HEAD),
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
  SPI_SETTOUCHPADPARAMETERS: touchpad,
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
