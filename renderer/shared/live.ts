/**
 * Server-sent events with resume: the browser reconnects by itself and says the last event's id; where it gives up (the box restarts, a
 * session ended) we open anew with a growing pause and tell the page, which then reads what it may have missed.
 * Invariants: at most one connection; the pause is between 1 and 15 s; a message that is not JSON is left out.
 */
export type LiveOptions = {
  readonly url: string;
  readonly events: readonly string[];
  readonly onEvent: (type: string, data: unknown) => void;
  /** Called at every opening but the first: events may have been missed, read the state again. */
  readonly onReopen: () => void;
  readonly onState?: (isOpen: boolean) => void;
  readonly open?: (url: string) => EventSource;
};

const SHORTEST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 15_000;

/** Starts listening; the returned function ends it. */
export const listenLive = (options: LiveOptions): (() => void) => {
  const open = options.open ?? ((url: string) => new EventSource(url));
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = SHORTEST_PAUSE_MS;
  let openings = 0;
  let isEnded = false;

  const start = (): void => {
    timer = undefined;
    const one = open(options.url);
    source = one;
    one.onopen = () => {
      pauseMs = SHORTEST_PAUSE_MS;
      openings += 1;
      options.onState?.(true);
      if (openings > 1) options.onReopen();
    };
    one.onerror = () => {
      options.onState?.(false);
      if (one.readyState !== EventSource.CLOSED || isEnded) return;
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    };
    for (const type of options.events) {
      one.addEventListener(type, (event) => {
        let data: unknown;
        try {
          data = JSON.parse((event as MessageEvent<string>).data);
        } catch {
          return;
        }
        options.onEvent(type, data);
      });
    }
  };

  start();
  return () => {
    isEnded = true;
    if (timer !== undefined) clearTimeout(timer);
    source?.close();
  };
};
