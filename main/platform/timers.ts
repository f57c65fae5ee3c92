/** The door to timers. `setTimer` calls `run` once after `delayMs` and returns what cancels it; a timer never keeps a process alive. */
export interface Timers {
  setTimer(delayMs: number, run: () => void): () => void;
}

export const systemTimers: Timers = {
  setTimer(delayMs, run) {
    const handle = setTimeout(run, delayMs);
    handle.unref();
    return () => clearTimeout(handle);
  },
};
