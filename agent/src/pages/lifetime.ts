/**
 * How long the loopback server lives: as long as a page asks or something runs, and no longer.
 *
 * A page that is left may only be loading anew, so that a short while passes before its server goes.
 */

export type End =
  /** The window was closed. */
  | 'left'
  /** No page has asked for a long time. */
  | 'idle'
  /** The key of the bootstrap file was used a second time. */
  | 'keyUsedTwice'
  /** Asked to by this program. */
  | 'closed';

export interface Lifetime {
  /** A page asked something. */
  asked(): void;
  /** The page is gone, as far as it could say. */
  left(): void;
  /** Nothing more is answered; what runs goes on to its end. */
  end(why: End): void;
  keepOpen(work: Promise<unknown>): void;
  readonly isOver: boolean;
  /** Once nobody asks and nothing runs. */
  readonly ended: Promise<End>;
}

export interface LifetimeOptions {
  readonly idleMs: number;
  readonly leaveMs: number;
}

export function lifetime({ idleMs, leaveMs }: LifetimeOptions): Lifetime {
  const { promise: ended, resolve } = Promise.withResolvers<End>();
  let running = 0;
  let over: End | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** What comes when nobody asks any more. */
  let next: 'left' | 'idle' = 'idle';

  function wait(): void {
    clearTimeout(timer);
    if (over === undefined) timer = setTimeout(() => end(next), next === 'left' ? leaveMs : idleMs);
  }

  function end(why: End): void {
    // The timer is set again when what runs has ended.
    if (running > 0 && (why === 'left' || why === 'idle')) return;
    over ??= why;
    clearTimeout(timer);
    if (running === 0) resolve(over);
  }

  wait();
  return {
    ended,
    get isOver() {
      return over !== undefined;
    },
    asked() {
      next = 'idle';
      wait();
    },
    left() {
      next = 'left';
      wait();
    },
    end,
    keepOpen(work) {
      running += 1;
      const done = () => {
        running -= 1;
        if (over !== undefined && running === 0) resolve(over);
        else wait();
      };
      work.then(done, done);
    },
  };
}
