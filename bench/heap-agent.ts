import { setImmediate as turn } from 'node:timers/promises';

// Loaded into a measured server before its program: answers what the heap holds once all that can be collected is. Twice,
// with a turn of the event loop in between: what finalizers let go of is collected by the second.
process.on('message', async () => {
  globalThis.gc?.();
  await turn();
  globalThis.gc?.();
  process.send?.(process.memoryUsage().heapUsed);
});
