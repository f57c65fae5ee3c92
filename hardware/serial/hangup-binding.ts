/**
 * node-serialport's binding, with one thing mended: when a terminal hangs up in the wrong moment (an adapter pulled out, the other end of
 * a pseudo-terminal gone), reading answers no bytes for ever, and the package asks again at once, for ever, with a whole core. Here a
 * read of no bytes is what it means on a terminal: the line is lost.
 */
import { read } from 'node:fs';

type ReadResult = { readonly bytesRead: number; readonly buffer: Buffer };
type Read = (buffer: Buffer, offset: number, length: number) => Promise<ReadResult>;

/** What of an open port is needed; other systems' ports lack it and stay as they are. */
type UnixPort = {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', done: (error: Error | null) => void): unknown };
  read: Read;
};

const isUnixPort = (port: object): port is UnixPort => 'fd' in port && 'poller' in port && 'read' in port;

/** The binding's own `open`, whose port says when it was hung up. */
export function endingAtHangup<B extends { open(options: never): Promise<object> }>(binding: B): B {
  const open = async (options: Parameters<B['open']>[0]): Promise<object> => {
    const port = await binding.open(options);
    if (isUnixPort(port)) port.read = (buffer, offset, length) => readOrHangUp(port, buffer, offset, length);
    return port;
  };
  return { ...binding, open };
}

const closed = (): Error => Object.assign(new Error('the port is not open'), { canceled: true });

async function readOrHangUp(port: UnixPort, buffer: Buffer, offset: number, length: number): Promise<ReadResult> {
  while (port.isOpen && port.fd !== null) {
    const outcome = await readOnce(port.fd, buffer, offset, length);
    if (outcome.kind === 'bytes') return { bytesRead: outcome.count, buffer };
    if (!port.isOpen) break;
    if (outcome.kind === 'hung-up') throw Object.assign(new Error('the line was hung up'), { disconnect: true });
    if (outcome.kind === 'failed') throw Object.assign(outcome.error, { disconnect: true });
    await new Promise<void>((resolve, reject) => {
      port.poller.once('readable', (error) => (error === null ? resolve() : reject(error)));
    });
  }
  throw closed();
}

type Outcome =
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'hung-up' }
  | { readonly kind: 'nothing-yet' }
  | { readonly kind: 'failed'; readonly error: Error };

const readOnce = (fd: number, buffer: Buffer, offset: number, length: number): Promise<Outcome> =>
  new Promise((resolve) => {
    read(fd, buffer, offset, length, null, (error, count) => {
      if (error === null) resolve(count > 0 ? { kind: 'bytes', count } : { kind: 'hung-up' });
      else if (error.code === 'EAGAIN' || error.code === 'EWOULDBLOCK' || error.code === 'EINTR') resolve({ kind: 'nothing-yet' });
      else resolve({ kind: 'failed', error });
    });
  });
