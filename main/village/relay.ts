/**
 * The link of one gateway, made bad on purpose: a TCP relay between the gateway and the broker that delays, throttles, stalls and cuts.
 * It stands where a satellite modem stands. Loss on a TCP link shows as a stall (a segment sent again), an outage as silence: bytes wait
 * and nobody is told, as on a real dish. A cut closes what is open and refuses what comes, so that both ends notice at once.
 * Limits: 4 MiB wait in each direction of a connection, then reading stops (back pressure).
 */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { type Entropy, randomFraction } from '../platform/entropy.ts';

/** What the link does now. Rates are in bytes a second; `lossFraction` of the pieces is sent again after a time-out. */
export type LinkCondition = {
  readonly up: boolean;
  readonly delayMs: number;
  readonly upBytesPerSecond: number;
  readonly downBytesPerSecond: number;
  readonly lossFraction: number;
};

export const GOOD_LINK: LinkCondition = { up: true, delayMs: 0, upBytesPerSecond: 10e6, downBytesPerSecond: 10e6, lossFraction: 0 };
/** A poor satellite link: 820 ms there and back, 12 % of the pieces lost, 9,600 bit/s up. */
export const BAD_LINK: LinkCondition = { up: true, delayMs: 410, upBytesPerSecond: 1_200, downBytesPerSecond: 4_800, lossFraction: 0.12 };

const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const PIECE_BYTES = 1_400;
const RETRANSMIT_MS = 900;

export type RelayOptions = {
  readonly targetPort: () => number;
  readonly entropy: Entropy;
  readonly now: () => number;
  readonly setTimer: (delayMs: number, run: () => void) => () => void;
};

export class Relay {
  private condition: LinkCondition = GOOD_LINK;
  private cut = false;
  private readonly pairs = new Set<Pair>();
  private readonly server: Server;
  private readonly options: RelayOptions;
  private readonly counted = { upBytes: 0, downBytes: 0, connections: 0 };

  private constructor(options: RelayOptions) {
    this.options = options;
    this.server = createServer((near) => this.accept(near));
  }

  static async open(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    await new Promise<void>((resolve, reject) => {
      relay.server.once('error', reject);
      relay.server.listen(0, '127.0.0.1', resolve);
    });
    return relay;
  }

  get port(): number {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('the relay is closed');
    return address.port;
  }

  /** Bytes that passed since the start, TCP payload in each direction. */
  get bytes(): Readonly<{ upBytes: number; downBytes: number; connections: number }> {
    return { ...this.counted };
  }

  get isCut(): boolean {
    return this.cut;
  }

  set(condition: LinkCondition): void {
    this.condition = condition;
    for (const pair of this.pairs) pair.changed();
  }

  /** Closes what is open and refuses what comes, until it is put back. */
  setCut(cut: boolean): void {
    this.cut = cut;
    if (cut) for (const pair of this.pairs) pair.destroy();
  }

  async close(): Promise<void> {
    for (const pair of this.pairs) pair.destroy();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
  }

  private accept(near: Socket): void {
    if (this.cut) {
      near.on('error', () => undefined);
      near.resetAndDestroy();
      return;
    }
    this.counted.connections++;
    const far = connect({ host: '127.0.0.1', port: this.options.targetPort(), noDelay: true });
    near.setNoDelay(true);
    const pair: Pair = new Pair(near, far, this.options, () => this.condition, {
      up: (bytes) => {
        this.counted.upBytes += bytes;
      },
      down: (bytes) => {
        this.counted.downBytes += bytes;
      },
      closed: () => this.pairs.delete(pair),
    });
    this.pairs.add(pair);
  }
}

type PairHooks = { up(bytes: number): void; down(bytes: number): void; closed(): void };

/** One connection: two lanes that share the fate of their sockets. */
class Pair {
  private readonly lanes: readonly Lane[];
  private readonly near: Socket;
  private readonly far: Socket;
  private readonly hooks: PairHooks;
  private ended = false;

  constructor(near: Socket, far: Socket, options: RelayOptions, condition: () => LinkCondition, hooks: PairHooks) {
    this.near = near;
    this.far = far;
    this.hooks = hooks;
    this.lanes = [
      new Lane(near, far, options, condition, (now) => now.upBytesPerSecond, hooks.up),
      new Lane(far, near, options, condition, (now) => now.downBytesPerSecond, hooks.down),
    ];
    for (const socket of [near, far]) {
      socket.on('error', () => this.destroy());
      socket.on('close', () => this.destroy());
    }
  }

  changed(): void {
    for (const lane of this.lanes) lane.pump();
  }

  destroy(): void {
    if (this.ended) return;
    this.ended = true;
    for (const lane of this.lanes) lane.stop();
    this.near.destroy();
    this.far.destroy();
    this.hooks.closed();
  }
}

/** One direction. Pieces keep their order, as TCP does; each leaves when the rate, the delay and its bad luck allow. */
class Lane {
  private readonly waiting: { readonly bytes: Buffer; dueAt: number }[] = [];
  private waitingBytes = 0;
  private freeAt = 0;
  private cancel: (() => void) | undefined;
  private readonly from: Socket;
  private readonly to: Socket;
  private readonly options: RelayOptions;
  private readonly condition: () => LinkCondition;
  private readonly rateOf: (condition: LinkCondition) => number;
  private readonly count: (bytes: number) => void;

  constructor(
    from: Socket,
    to: Socket,
    options: RelayOptions,
    condition: () => LinkCondition,
    rateOf: (condition: LinkCondition) => number,
    count: (bytes: number) => void,
  ) {
    this.from = from;
    this.to = to;
    this.options = options;
    this.condition = condition;
    this.rateOf = rateOf;
    this.count = count;
    from.on('data', (chunk: Buffer) => this.take(chunk));
    to.on('drain', () => this.pump());
  }

  private take(chunk: Buffer): void {
    const condition = this.condition();
    for (let start = 0; start < chunk.length; start += PIECE_BYTES) {
      const bytes = chunk.subarray(start, start + PIECE_BYTES);
      const now = this.options.now();
      this.freeAt = Math.max(this.freeAt, now) + (bytes.length / Math.max(1, this.rateOf(condition))) * 1_000;
      if (randomFraction(this.options.entropy) < condition.lossFraction) this.freeAt += RETRANSMIT_MS;
      this.waiting.push({ bytes, dueAt: this.freeAt + condition.delayMs });
      this.waitingBytes += bytes.length;
    }
    if (this.waitingBytes > MAX_WAITING_BYTES) this.from.pause();
    this.pump();
  }

  /** Sends what is due; asks to be woken for the rest. During an outage, and while the other end does not read, nothing leaves. */
  pump(): void {
    this.cancel?.();
    this.cancel = undefined;
    if (!this.condition().up) return;
    const now = this.options.now();
    let head = this.waiting[0];
    while (head !== undefined && head.dueAt <= now && !this.to.writableNeedDrain) {
      this.waiting.shift();
      this.waitingBytes -= head.bytes.length;
      this.count(head.bytes.length);
      this.to.write(head.bytes);
      head = this.waiting[0];
    }
    if (this.waitingBytes <= MAX_WAITING_BYTES / 2) this.from.resume();
    if (head !== undefined && !this.to.writableNeedDrain)
      this.cancel = this.options.setTimer(Math.max(1, head.dueAt - now), () => this.pump());
  }

  stop(): void {
    this.cancel?.();
    this.waiting.length = 0;
  }
}
