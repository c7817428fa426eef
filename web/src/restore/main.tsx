/**
 * Starts the restore page, after the browser has painted what restore.html shows by itself: running all of the page first
 * would keep the person before an empty window for as long as that takes.
 */

/** For a window that is not seen, where nothing is painted. In milliseconds. */
const START_UNSEEN_AFTER_MS = 300;

await Promise.race([painted(), new Promise((resolve) => setTimeout(resolve, START_UNSEEN_AFTER_MS))]);
const { start } = await import('./start.tsx');
await start();

/** A task after a frame runs once that frame is on the screen. */
function painted(): Promise<void> {
  return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
}

export {};
