/**
 * The centre on the broker: MQTT as a lossy pipe (I9). Clean session, QoS 0, own reconnects with growing pauses and jitter; nothing is queued
 * for a broker that is away. What comes in waits in one bounded queue; a few messages are in work at a time, with room for HTTP between two.
 */
import mqtt, { type MqttClient } from 'mqtt';
import { type Entropy, randomFraction, randomHex } from '../../main/platform/entropy.ts';
import type { Log } from '../../main/platform/log.ts';
import type { Timers } from '../../main/platform/timers.ts';
import { MAX_MESSAGE_BYTES } from '../protocol/limits.ts';
import { endAtOversize, LOSSY_PIPE } from '../protocol/mqtt-pipe.ts';
import { ALL_UP } from '../protocol/topics.ts';
import type { Ingest, Outgoing } from './ingest.ts';
import type { Metrics } from './metrics.ts';
import type { BrokerState } from './office.ts';

export type RunnerOptions = {
  readonly mqttUrl: string;
  readonly ingest: Pick<Ingest, 'receive'>;
  readonly metrics: Pick<Metrics, 'messages' | 'bytes'>;
  readonly now: () => number;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly onBroker?: (state: BrokerState) => void;
};

const LIMITS = {
  atOnce: 8,
  queuedMessages: 2_048,
  queuedBytes: 64 * 1024 * 1024,
  firstPauseMs: 250,
  longestPauseMs: 30_000,
  packetBytes: 8 * 1024 * 1024,
} as const;

export class Runner {
  private readonly options: RunnerOptions;
  private client: MqttClient | undefined;
  private queue: { topic: string; bytes: Uint8Array }[] = [];
  private queuedBytes = 0;
  private readonly working = new Set<Promise<void>>();
  private cancelRetry: (() => void) | undefined;
  private failures = 0;
  private stopped = false;
  private broker: BrokerState;

  constructor(options: RunnerOptions) {
    this.options = options;
    this.broker = { state: 'away', sinceMs: options.now() };
  }

  state(): BrokerState {
    return this.broker;
  }

  start(): void {
    this.connect();
  }

  send(outgoing: readonly Outgoing[]): void {
    const client = this.client;
    if (client?.connected !== true) return;
    for (const { topic, bytes } of outgoing) {
      // The callback only keeps the library from throwing where the connection ends meanwhile.
      client.publish(topic, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), { qos: 0 }, () => undefined);
    }
  }

  /** Takes nothing more, finishes what it has begun. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancelRetry?.();
    this.queue = [];
    this.queuedBytes = 0;
    await Promise.all(this.working);
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) await new Promise<void>((resolve) => client.end(true, {}, () => resolve()));
  }

  private connect(): void {
    const { mqttUrl, entropy, log } = this.options;
    const client = mqtt.connect(mqttUrl, {
      ...LOSSY_PIPE,
      clientId: `chautari-centre-${randomHex(entropy, 6)}`,
      connectTimeout: 20_000,
      keepalive: 60,
    });
    this.client = client;
    let closed = false;
    const close = (reason: string) => {
      if (closed || this.client !== client) return;
      closed = true;
      client.removeAllListeners('message');
      client.end(true);
      this.setBroker('away', reason);
      this.retry();
    };
    client.on('connect', () => {
      endAtOversize(client, LIMITS.packetBytes);
      client.subscribe(ALL_UP, { qos: 0 }, (error) => {
        if (error) {
          close(`cannot subscribe: ${error.message}`);
          return;
        }
        this.failures = 0;
        this.setBroker('connected', mqttUrl);
      });
    });
    client.on('message', (topic, payload) => this.take(topic, payload));
    client.on('error', (error) => close(error.message));
    client.on('close', () => close('the connection ended'));
    log.debug({ mqttUrl }, 'connecting to the broker');
  }

  private retry(): void {
    if (this.stopped) return;
    const { timers, entropy } = this.options;
    const longest = Math.min(LIMITS.longestPauseMs, LIMITS.firstPauseMs * 2 ** Math.min(this.failures, 10));
    this.failures += 1;
    this.cancelRetry = timers.setTimer(longest / 2 + (longest / 2) * randomFraction(entropy), () => this.connect());
  }

  private setBroker(state: BrokerState['state'], detail: string): void {
    if (this.broker.state === state && this.failures > 0) return;
    this.broker = { state, sinceMs: this.options.now() };
    const { log, mqttUrl } = this.options;
    if (state === 'connected') log.info({ mqttUrl }, 'broker connected');
    else log.warn({ mqttUrl, detail }, 'no broker: entries wait at their gateways until it is back');
    this.options.onBroker?.(this.broker);
  }

  private take(topic: string, payload: Buffer): void {
    const { metrics } = this.options;
    metrics.bytes(payload.length);
    const full = this.queue.length >= LIMITS.queuedMessages || this.queuedBytes + payload.length > LIMITS.queuedBytes;
    // The pipe is lossy: what does not fit is sent again by its gateway.
    if (this.stopped || full || payload.length > MAX_MESSAGE_BYTES) {
      metrics.messages('dropped');
      return;
    }
    this.queue.push({ topic, bytes: new Uint8Array(payload.buffer, payload.byteOffset, payload.length) });
    this.queuedBytes += payload.length;
    if (this.working.size < LIMITS.atOnce) {
      const lane: Promise<void> = this.drain().finally(() => this.working.delete(lane));
      this.working.add(lane);
    }
  }

  private async drain(): Promise<void> {
    const { ingest, metrics, log } = this.options;
    for (let next = this.queue.shift(); next !== undefined; next = this.queue.shift()) {
      this.queuedBytes -= next.bytes.length;
      try {
        const answers = await ingest.receive(next.topic, next.bytes);
        metrics.messages(answers.length > 0 ? 'answered' : 'silent');
        this.send(answers);
      } catch (error) {
        metrics.messages('silent');
        log.error({ topic: next.topic, err: error }, 'a message could not be taken; its sender repeats it');
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
