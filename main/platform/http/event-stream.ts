/**
 * Server-sent events for many listeners. Ids are numbers that only grow in this process's life; a listener that comes back with
 * `Last-Event-ID` gets what it missed, or one `reset` event where that is no longer known: it reads everything again.
 * Invariants: the history, the listeners and what waits for each are bounded; a listener that does not read is cut off, and comes back.
 */
import type { Context } from 'hono';
import { problem } from './problem.ts';

export type EventHubOptions = {
  readonly historyLimit?: number;
  readonly listenerLimit?: number;
  /** Bytes that may wait for one listener. */
  readonly backlogBytes?: number;
  readonly heartbeatMs?: number;
};

export type EventHub = {
  /** Takes a JSON value; amounts are text already. */
  publish(type: string, data: unknown): void;
  /** The stream, as the answer to a request. */
  open(context: Context): Response;
  listeners(): number;
  close(): void;
};

type Listener = { readonly push: (bytes: Uint8Array) => void; readonly end: () => void };

export function createEventHub(options: EventHubOptions = {}): EventHub {
  const historyLimit = options.historyLimit ?? 256;
  const listenerLimit = options.listenerLimit ?? 64;
  const backlogBytes = options.backlogBytes ?? 256 * 1024;
  const encoder = new TextEncoder();
  const history: { id: number; bytes: Uint8Array }[] = [];
  const listeners = new Set<Listener>();
  const heartbeat = encoder.encode(': still here\n\n');
  let lastId = 0;

  const timer = setInterval(() => {
    for (const listener of listeners) listener.push(heartbeat);
  }, options.heartbeatMs ?? 15_000);
  timer.unref();

  const missed = (since: string | undefined): readonly Uint8Array[] => {
    if (since === undefined || !/^[0-9]{1,15}$/.test(since)) return [];
    const id = Number(since);
    if (id === lastId) return [];
    const oldest = history[0]?.id ?? lastId + 1;
    // An id from another life of this process, or one that has left the history: what was missed is not known.
    if (id > lastId || id < oldest - 1) return [encoder.encode(`id: ${lastId}\nevent: reset\ndata: {}\n\n`)];
    return history.filter((event) => event.id > id).map((event) => event.bytes);
  };

  return {
    publish(type, data) {
      lastId += 1;
      const bytes = encoder.encode(`id: ${lastId}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`);
      history.push({ id: lastId, bytes });
      if (history.length > historyLimit) history.shift();
      for (const listener of listeners) listener.push(bytes);
    },
    open(context) {
      if (listeners.size >= listenerLimit) {
        return problem(context, {
          status: 503,
          code: 'too-many-listeners',
          detail: 'Too many pages listen already. Close one and try again.',
        });
      }
      const since = context.req.header('last-event-id');
      let listener: Listener | undefined;
      const leave = () => {
        if (listener !== undefined) listeners.delete(listener);
      };
      const stream = new ReadableStream<Uint8Array>(
        {
          start(controller) {
            const end = () => {
              leave();
              try {
                controller.close();
              } catch {
                // Closed by the other side already.
              }
            };
            const push = (bytes: Uint8Array) => {
              if ((controller.desiredSize ?? 0) <= 0) end();
              else controller.enqueue(bytes);
            };
            listener = { push, end };
            listeners.add(listener);
            push(encoder.encode('retry: 2000\n\n'));
            for (const bytes of missed(since)) push(bytes);
          },
          cancel: leave,
        },
        { highWaterMark: backlogBytes, size: (chunk) => chunk?.byteLength ?? 0 },
      );
      return context.body(stream, 200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
    },
    listeners: () => listeners.size,
    close() {
      clearInterval(timer);
      for (const listener of [...listeners]) listener.end();
    },
  };
}
