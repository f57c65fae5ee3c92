/**
 * Sockets of a cell whose manifest grants addresses: UDP by the shim, through a filter that knows no other address. Everything else of
 * wasi:sockets is refused: another address, a port of its own choosing, a name, TCP. A request has a bounded number of sockets, datagrams
 * and milliseconds to wait, and what it opened is closed with it, however it ends. For the sensors' slow thread alone: a cell that waits
 * here stands still with its thread.
 */
import { createRequire } from 'node:module';
import { LIMITS } from './limits.ts';
import { Pollable, type Waits } from './wasi-pollable.ts';

type Family = 'ipv4' | 'ipv6';
type SocketAddress = { readonly tag: Family; readonly val: { readonly port: number; readonly address: readonly number[] } };
type Datagram = { readonly data: Uint8Array; readonly remoteAddress?: SocketAddress };
type ShimPollable = { ready(): boolean; block(): void };
type Disposable = { [Symbol.dispose]?: () => void };
type ShimIncoming = Disposable & { receive(most: bigint): Datagram[]; subscribe(): ShimPollable };
type ShimOutgoing = Disposable & { checkSend(): bigint; send(datagrams: Datagram[]): bigint; subscribe(): ShimPollable };
type ShimSocket = Disposable & {
  startBind(network: object, address: SocketAddress): void;
  finishBind(): void;
  stream(remote: SocketAddress | undefined): [ShimIncoming, ShimOutgoing];
  localAddress(): SocketAddress;
  remoteAddress(): SocketAddress;
  unicastHopLimit(): number;
  subscribe(): ShimPollable;
};
type Shim = {
  readonly sockets: {
    readonly udpCreateSocket: { createUdpSocket(family: Family): ShimSocket };
    readonly instanceNetwork: { instanceNetwork(): object };
    readonly network: { readonly Network: unknown };
  };
  readonly io: { readonly poll: { poll(list: readonly ShimPollable[]): Uint32Array } };
  readonly clocks: { readonly monotonicClock: { now(): bigint; subscribeDuration(nanoseconds: bigint): ShimPollable & Disposable } };
};

const NANOSECONDS_PER_MS = 1_000_000n;

const loadShim = (): Shim => createRequire(import.meta.url)('@bytecodealliance/preview2-shim') as Shim;

/** How an address is compared: its family, each number of it, and its port. An IPv4 address in IPv6's clothes is another one. */
const keyOf = ({ tag, val }: SocketAddress): string => `${tag} ${val.address.join(' ')} ${val.port}`;

function groupsOf(address: string): number[] {
  const [head = '', tail] = address.split('::');
  const numbers = (text: string): number[] => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)));
  const [left, right] = [numbers(head), numbers(tail ?? '')];
  return tail === undefined ? left : [...left, ...Array<number>(8 - left.length - right.length).fill(0), ...right];
}

/** A grant as the manifest has it: udp://127.0.0.1:9001, udp://[::1]:9001. */
function grantKey(grant: string): string {
  const { hostname, port } = new URL(grant.replace('udp:', 'http:'));
  // The port that URL leaves out.
  const number = port === '' ? 80 : Number(port);
  if (!hostname.startsWith('[')) return keyOf({ tag: 'ipv4', val: { port: number, address: hostname.split('.').map(Number) } });
  return keyOf({ tag: 'ipv6', val: { port: number, address: groupsOf(hostname.slice(1, -1)) } });
}

const denied = (): never => {
  throw 'access-denied';
};

export type CellSockets = {
  /** The interfaces of wasi:sockets by name without version. */
  readonly interfaces: Readonly<Record<string, object>>;
  readonly wait: Waits;
  /** Closes whatever the request left open. */
  readonly close: () => void;
};

/** Sockets of one request; `limit` ends it and never returns. */
export function socketsOf(grants: readonly string[], limit: (detail: string) => never): CellSockets {
  const shim = loadShim();
  const allowed = new Set(grants.map(grantKey));
  const network = shim.sockets.instanceNetwork.instanceNetwork();
  const open = new Set<Disposable>();
  let sockets = 0;
  let datagrams = 0;
  let waitedNs = 0n;

  const kept = <T extends Disposable>(resource: T): T => {
    open.add(resource);
    return resource;
  };
  const drop = (resource: Disposable): void => {
    if (open.delete(resource)) resource[Symbol.dispose]?.();
  };
  const count = (more: number): void => {
    datagrams += more;
    if (datagrams > LIMITS.socketDatagramsMax) limit(`more than ${LIMITS.socketDatagramsMax} datagrams`);
  };

  class Waiting extends Pollable {
    readonly inner: ShimPollable;
    constructor(inner: ShimPollable) {
      super();
      this.inner = inner;
      kept(inner as Disposable);
    }
    override ready(): boolean {
      return this.inner.ready();
    }
    override block(): void {
      wait([this]);
    }
    [Symbol.dispose](): void {
      drop(this.inner as Disposable);
    }
  }

  const wait: Waits = (list) => {
    const ready = list.flatMap((one, place) => (one.ready() ? [place] : []));
    if (ready.length > 0) return Uint32Array.from(ready);
    const inners = list.flatMap((one) => (one instanceof Waiting ? [one.inner] : []));
    const { monotonicClock } = shim.clocks;
    const since = monotonicClock.now();
    const leftNs = BigInt(LIMITS.socketWaitMsMax) * NANOSECONDS_PER_MS - waitedNs;
    const timer = monotonicClock.subscribeDuration(leftNs < 0n ? 0n : leftNs);
    try {
      const found = [...shim.io.poll.poll([...inners, timer])].filter((place) => place < inners.length);
      waitedNs += monotonicClock.now() - since;
      if (found.length === 0) limit(`waited more than ${LIMITS.socketWaitMsMax} ms for its network`);
      return Uint32Array.from(found);
    } finally {
      timer[Symbol.dispose]?.();
    }
  };

  class IncomingDatagramStream {
    readonly inner: ShimIncoming;
    constructor(inner: ShimIncoming) {
      this.inner = kept(inner);
    }
    receive(most: bigint): Datagram[] {
      const bounded = most < 16n ? most : 16n;
      // A socket that is not connected hears everybody; the cell hears the granted alone.
      const heard = this.inner
        .receive(bounded)
        .filter(({ remoteAddress }) => remoteAddress !== undefined && allowed.has(keyOf(remoteAddress)));
      count(heard.length);
      return heard;
    }
    subscribe(): Pollable {
      return new Waiting(this.inner.subscribe());
    }
    [Symbol.dispose](): void {
      drop(this.inner);
    }
  }

  class OutgoingDatagramStream {
    readonly inner: ShimOutgoing;
    constructor(inner: ShimOutgoing) {
      this.inner = kept(inner);
    }
    checkSend(): bigint {
      return this.inner.checkSend();
    }
    send(list: Datagram[]): bigint {
      count(list.length);
      for (const { data, remoteAddress } of list) {
        if (remoteAddress !== undefined && !allowed.has(keyOf(remoteAddress))) denied();
        if (data.length > LIMITS.socketDatagramBytesMax) throw 'datagram-too-large';
      }
      return this.inner.send(list);
    }
    subscribe(): Pollable {
      return new Waiting(this.inner.subscribe());
    }
    [Symbol.dispose](): void {
      drop(this.inner);
    }
  }

  class UdpSocket {
    readonly inner: ShimSocket;
    readonly family: Family;
    constructor(inner: ShimSocket, family: Family) {
      this.inner = kept(inner);
      this.family = family;
    }
    /** To any interface, at a port that the system picks: a port of its choosing would let a cell stand in for somebody else. */
    startBind(_network: object, address: SocketAddress): void {
      if (address.val.port !== 0) denied();
      this.inner.startBind(network, address);
    }
    finishBind(): void {
      this.inner.finishBind();
    }
    stream(remote: SocketAddress | undefined): [IncomingDatagramStream, OutgoingDatagramStream] {
      if (remote !== undefined && !allowed.has(keyOf(remote))) denied();
      const [incoming, outgoing] = this.inner.stream(remote);
      return [new IncomingDatagramStream(incoming), new OutgoingDatagramStream(outgoing)];
    }
    localAddress(): SocketAddress {
      return this.inner.localAddress();
    }
    remoteAddress(): SocketAddress {
      return this.inner.remoteAddress();
    }
    addressFamily(): Family {
      return this.family;
    }
    unicastHopLimit(): number {
      return this.inner.unicastHopLimit();
    }
    setUnicastHopLimit(): never {
      throw 'not-supported';
    }
    receiveBufferSize(): never {
      throw 'not-supported';
    }
    setReceiveBufferSize(): never {
      throw 'not-supported';
    }
    sendBufferSize(): never {
      throw 'not-supported';
    }
    setSendBufferSize(): never {
      throw 'not-supported';
    }
    subscribe(): Pollable {
      return new Waiting(this.inner.subscribe());
    }
    [Symbol.dispose](): void {
      drop(this.inner);
    }
  }

  const createUdpSocket = (family: Family): UdpSocket => {
    sockets += 1;
    if (sockets > LIMITS.socketsMax) limit(`more than ${LIMITS.socketsMax} sockets`);
    return new UdpSocket(shim.sockets.udpCreateSocket.createUdpSocket(family), family);
  };
  class Nothing {}
  const interfaces = {
    'wasi:sockets/network': { Network: shim.sockets.network.Network, networkErrorCode: () => undefined },
    'wasi:sockets/instance-network': { instanceNetwork: () => network },
    'wasi:sockets/udp': { UdpSocket, IncomingDatagramStream, OutgoingDatagramStream },
    'wasi:sockets/udp-create-socket': { createUdpSocket },
    'wasi:sockets/tcp': { TcpSocket: Nothing },
    'wasi:sockets/tcp-create-socket': { createTcpSocket: denied },
    'wasi:sockets/ip-name-lookup': { ResolveAddressStream: Nothing, resolveAddresses: denied },
  };
  const close = (): void => {
    // Streams before the sockets that they belong to: the last opened first.
    for (const resource of [...open].reverse()) drop(resource);
  };
  return { interfaces, wait, close };
}
