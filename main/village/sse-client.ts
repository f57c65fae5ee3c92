/** Reads a server-sent event stream and starts again when it ends. Lines are bounded; a stream that floods is dropped and reopened. */
import { get } from 'node:http';

const MAX_EVENT_BYTES = 256 * 1024;
const AGAIN_MS = 400;

export type SseEvent = { readonly type: string; readonly data: unknown };

/** Listens until the returned function is called. `base` is asked for at each try, because a process may come back elsewhere. */
export function listenToEvents(
  base: () => string | undefined,
  path: string,
  headers: Readonly<Record<string, string>>,
  onEvent: (event: SseEvent) => void,
): () => void {
  let stopped = false;
  let lastId = '';
  let close: () => void = () => undefined;

  const again = (): void => {
    if (!stopped) setTimeout(open, AGAIN_MS).unref();
  };
  const open = (): void => {
    const url = base();
    if (stopped) return;
    if (url === undefined) {
      again();
      return;
    }
    const request = get(`${url}${path}`, { headers: { ...headers, ...(lastId === '' ? {} : { 'last-event-id': lastId }) } });
    close = () => request.destroy();
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      again();
    };
    request.on('error', end);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MAX_EVENT_BYTES) return request.destroy();
        const events = text.split('\n\n');
        text = events.pop() ?? '';
        for (const block of events) {
          const event = parse(block);
          if (event.id !== undefined) lastId = event.id;
          if (event.type !== undefined) onEvent({ type: event.type, data: event.data });
        }
      });
      response.on('error', end);
      response.on('close', end);
    });
  };
  open();
  return () => {
    stopped = true;
    close();
  };
}

function parse(block: string): { id?: string; type?: string; data?: unknown } {
  const members = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  const id = members.get('id');
  const type = members.get('event');
  let data: unknown;
  try {
    data = JSON.parse(members.get('data') ?? 'null');
  } catch {
    return {};
  }
  return { ...(id === undefined ? {} : { id }), ...(type === undefined ? {} : { type }), data };
}
