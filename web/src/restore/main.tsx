/**
 * Starts the restore page, after the browser has painted what restore.html shows by itself: running all of the page first
 * would keep the person before an empty window for as long as that takes.
 */

/** For a window that is not seen, where nothing is painted. In milliseconds. */
const START_UNSEEN_AFTER_MS = 300;

await Promise.race([painted(), new Promise((resolve) => setTimeout(resolve, START_UNSEEN_AFTER_MS))]);
const { start } = await import('./start.tsx');
await start();

/** Once the browser says that something is on the screen; a frame that is only asked for would still wait for us. */
function painted(): Promise<void> {
  return new Promise((resolve) => {
    new PerformanceObserver(() => resolve()).observe({ type: 'paint', buffered: true });
  });
}

export {};
