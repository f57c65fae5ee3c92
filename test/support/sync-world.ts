/**
 * A box with the real agent, a model centre, and a link with weather between them, in virtual time: for simulations and for the drain's figure.
 * What is on the box's disk survives `killBox`; what is in memory does not.
 */
import { type Agent, type AgentReport, type JournalSource, startAgent } from '../../ledger-sync/agent/agent.ts';
import type { Link, LinkHandlers, OpenLink } from '../../ledger-sync/agent/link.ts';
import type { MachineSettings } from '../../ledger-sync/agent/machine-types.ts';
import type { Entry } from '../../ledger-sync/ledger/entry.ts';
import { EMPTY_HEAD, type Head, headOf, type JournalName } from '../../ledger-sync/ledger/journal.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import type { Signer } from '../../ledger-sync/protocol/signing.ts';
import { seededRandom } from '../bench/kiosk-stream.ts';
import { ModelCentre } from './model-centre.ts';
import { VirtualTime } from './virtual-time.ts';

/** What the box will write in its life. */
export type Life = { readonly name: JournalName; readonly entries: readonly Entry[] };
export type Keys = { readonly box: Signer; readonly office: Signer };
const KEYS: Keys = { box: signerFromPem(generateKey()), office: signerFromPem(generateKey()) };

export type Weather = { loss: number; repeat: number; leastMs: number; jitterMs: number; bytesPerS: number; failsToConnect: number };
const CALM: Weather = { loss: 0, repeat: 0, leastMs: 20, jitterMs: 0, bytesPerS: 100_000, failsToConnect: 0 };

export class World {
  readonly time = new VirtualTime();
  readonly random: () => number;
  readonly centre: ModelCentre;
  weather: Weather = { ...CALM };
  /** What is on the box's disk. */
  entries: Entry[] = [];
  settled: Head = EMPTY_HEAD;
  fenced: string | undefined;
  readonly reports: AgentReport[] = [];
  agent: Agent | undefined;
  isCentreUp = true;
  bytesUp = 0;
  private handlers: LinkHandlers | undefined;
  private isUp = false;
  private lineFreeMs = 0;
  private readonly settings: Partial<MachineSettings>;

  private readonly stream: Life;
  private readonly keys: Keys;
  /** The centre that answers: the model, unless another is put here. */
  answer: (bytes: Uint8Array) => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;

  constructor(stream: Life, seed: number, settings: Partial<MachineSettings> = {}, keys: Keys = KEYS) {
    this.keys = keys;
    this.random = seededRandom(seed);
    this.stream = stream;
    this.settings = settings;
    this.centre = new ModelCentre(stream.name, keys.box.publicKey, keys.office, () => this.time.now());
    this.answer = (bytes) => this.centre.take(bytes);
  }

  pay(count: number): void {
    this.entries = this.stream.entries.slice(0, this.entries.length + count);
    this.agent?.journalGrew();
  }

  startBox(): void {
    const source: JournalSource = {
      head: () => (this.entries.length === 0 ? EMPTY_HEAD : headOf(this.entries.at(-1) as Entry)),
      name: () => this.stream.name,
      entriesAfter: (number, limit) => this.entries.slice(number, number + limit),
      watermark: () => ({ received: this.settled, archived: 0 }),
    };
    this.agent = startAgent({
      openLink: this.openLink,
      source,
      signer: this.keys.box,
      centreKey: this.keys.office.publicKey,
      hooks: {
        settle: async ({ received }) => {
          if (received.number < this.settled.number) throw new Error('a watermark went down');
          this.settled = received;
        },
        fence: async (reason) => {
          this.fenced = reason;
        },
        enrolled: async () => undefined,
        onState: () => undefined,
        onDocument: () => undefined,
        onReport: (report) => this.reports.push(report),
      },
      clock: this.time,
      timers: this.time,
      entropy: { bytes: (count) => Uint8Array.from({ length: count }, () => this.random() * 256) },
      settings: this.settings,
    });
  }

  /** kill -9: what was in memory is gone. */
  killBox(): void {
    this.agent?.stop();
    this.agent = undefined;
    this.isUp = false;
    this.handlers = undefined;
  }

  cut(): void {
    if (!this.isUp) return;
    this.isUp = false;
    this.handlers?.disconnected('cut');
  }

  private readonly openLink: OpenLink = (handlers): Link => {
    this.handlers = handlers;
    const isCurrent = (): boolean => this.handlers === handlers;
    return {
      connect: () => {
        const fails = this.random() < this.weather.failsToConnect;
        this.time.setTimer(this.weather.leastMs * 2, () => {
          if (!isCurrent()) return;
          this.isUp = !fails;
          if (fails) handlers.disconnected('refused');
          else handlers.connected();
        });
      },
      subscribe: () => undefined,
      publish: (_topic, payload) => {
        if (!this.isUp || !isCurrent()) return;
        this.bytesUp += payload.length;
        this.carry(payload, (bytes) => void this.reach(bytes));
      },
      close: () => undefined,
    };
  };

  private async reach(bytes: Uint8Array): Promise<void> {
    if (!this.isCentreUp) return;
    const found = this.answer(bytes);
    const answers = found instanceof Promise ? await found : found;
    for (const answer of answers) this.carry(answer, (down) => this.isUp && this.handlers?.message(`d/${this.stream.name.gateway}`, down));
  }

  private carry(bytes: Uint8Array, arrive: (bytes: Uint8Array) => void): void {
    const { loss, repeat, leastMs, jitterMs, bytesPerS } = this.weather;
    const now = this.time.monotonic();
    this.lineFreeMs = Math.max(now, this.lineFreeMs) + (bytes.length * 1000) / bytesPerS;
    const copies = this.random() < loss ? 0 : this.random() < repeat ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      this.time.setTimer(this.lineFreeMs - now + leastMs + this.random() * jitterMs, () => arrive(bytes));
    }
  }

  isSettled(count: number): boolean {
    return this.entries.length === count && this.settled.number === count && this.centre.hashes.length === count;
  }
}
