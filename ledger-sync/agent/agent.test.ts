/** The agent over real TCP and a real broker that is killed meanwhile; the model centre answers through a client of its own. */
import mqtt, { type MqttClient } from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/platform/clock.ts';
import { seededEntropy } from '../../main/platform/entropy.ts';
import { systemTimers } from '../../main/platform/timers.ts';
import { kioskStream } from '../../test/bench/kiosk-stream.ts';
import { TestBroker } from '../../test/support/broker.ts';
import { ModelCentre } from '../../test/support/model-centre.ts';
import type { Entry } from '../ledger/entry.ts';
import type { GatewayId } from '../ledger/ids.ts';
import { EMPTY_HEAD, type Head, headOf } from '../ledger/journal.ts';
import { encodeDocument } from '../protocol/document-message.ts';
import { generateKey, signerFromPem } from '../protocol/ed25519.ts';
import { encodeEnrolled, openEnrol } from '../protocol/enrol.ts';
import { MAX_MESSAGE_BYTES } from '../protocol/limits.ts';
import type { Signer } from '../protocol/signing.ts';
import { downTopic } from '../protocol/topics.ts';
import { makeVoucher } from '../protocol/voucher.ts';
import { type Agent, type AgentReport, startAgent } from './agent.ts';
import type { AgentState } from './agent-state.ts';
import { mqttLink } from './mqtt-link.ts';

const box = signerFromPem(generateKey());
const office = signerFromPem(generateKey());
const stream = kioskStream({ payments: 300, seed: 13, grainMs: 1 });
const voucher = makeVoucher(new Uint8Array(20).fill(5));

class Valley {
  readonly broker = new TestBroker();
  readonly centre = new ModelCentre(stream.name, box.publicKey, office, () => 1_800_000_000_000);
  readonly reports: AgentReport[] = [];
  readonly documents: string[] = [];
  readonly enrolments: string[] = [];
  entries: readonly Entry[] = [];
  granted = stream.name.gateway;
  settled: Head = EMPTY_HEAD;
  agent: Agent | undefined;
  office: MqttClient | undefined;
  private readonly waiting: { readonly isMet: () => boolean; readonly resolve: () => void }[] = [];

  async start(centreKey: Uint8Array | undefined): Promise<void> {
    await this.broker.start();
    await this.startOffice();
    this.agent = startAgent({
      openLink: mqttLink({ url: this.broker.url, clientId: 'g-test', keepaliveMs: 120_000, connectTimeoutMs: 90_000 }),
      source: {
        head: () => (this.entries.length === 0 ? EMPTY_HEAD : headOf(this.entries.at(-1) as Entry)),
        name: () => stream.name,
        entriesAfter: (number, limit) => this.entries.slice(number, number + limit),
        watermark: () => ({ received: this.settled, archived: 0 }),
      },
      signer: box,
      ...(centreKey === undefined ? {} : { centreKey }),
      hooks: {
        settle: async ({ received }) => {
          this.settled = received;
          this.look();
        },
        fence: async () => undefined,
        enrolled: async ({ gateway, site }) => {
          this.enrolments.push(`${gateway} ${site}`);
          this.look();
        },
        onState: () => this.look(),
        onDocument: ({ name }) => {
          this.documents.push(name);
          this.look();
        },
        onReport: (report) => {
          this.reports.push(report);
          this.look();
        },
      },
      clock: systemClock,
      timers: systemTimers,
      entropy: seededEntropy(1),
      settings: { heartbeatMs: 200, leastSilenceMs: 200, mostSilenceMs: 400, leastReconnectMs: 20, mostReconnectMs: 100, slowRetryMs: 300 },
    });
  }

  async startOffice(): Promise<void> {
    const client = await mqtt.connectAsync(this.broker.url, { reconnectPeriod: 20, protocolVersion: 4 });
    this.office = client;
    await client.subscribeAsync('u/+');
    client.on('message', (topic, payload) => this.answer(client, topic, payload));
  }

  answer(client: MqttClient, topic: string, payload: Uint8Array): void {
    if (!topic.startsWith('u/v-')) {
      for (const bytes of this.centre.take(payload)) client.publish(downTopic(stream.name.gateway), Buffer.from(bytes));
      return;
    }
    const enrol = openEnrol(payload, () => voucher.secret);
    if (!enrol.ok) return;
    const grant = { status: 'enrolled', gateway: this.granted, site: 'Syabru', centreKey: office.publicKey } as const;
    client.publish(`d/v-${voucher.id}`, Buffer.from(encodeEnrolled(voucher, enrol.value.publicKey, grant)));
  }

  pay(upTo: number): void {
    this.entries = stream.entries.slice(0, upTo);
    this.agent?.journalGrew();
  }

  until(isMet: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push({ isMet, resolve });
      this.look();
    });
  }

  private look(): void {
    for (const one of [...this.waiting]) {
      if (!one.isMet()) continue;
      this.waiting.splice(this.waiting.indexOf(one), 1);
      one.resolve();
    }
  }

  state(): AgentState {
    if (this.agent === undefined) throw new Error('not started');
    return this.agent.state();
  }

  async stop(): Promise<void> {
    this.agent?.stop();
    this.office?.end(true);
    await this.broker.kill();
  }
}

let valley: Valley;
afterEach(() => valley.stop());

const down = (signer: Signer): Uint8Array => {
  const message = { gateway: stream.name.gateway, direction: 'down', name: 'catalogue', since: [], heads: [], changes: [] } as const;
  const parts = encodeDocument(message, 1, signer);
  if (!parts.ok) throw new Error(parts.error.code);
  return parts.value[0] as Uint8Array;
};

describe('the agent over MQTT', () => {
  it('I9: brings every entry through kills of the broker and of the centre', async () => {
    valley = new Valley();
    await valley.start(office.publicKey);
    await valley.until(() => valley.state().link === 'on');
    for (let upTo = 30; upTo <= 300; upTo += 30) {
      valley.pay(upTo);
      if (upTo % 90 === 0) {
        await valley.broker.kill();
        await valley.until(() => valley.state().link === 'off');
        await valley.broker.start();
      }
      if (upTo === 150) {
        valley.office?.end(true);
        await valley.startOffice();
      }
      await valley.until(() => valley.settled.number === upTo);
    }
    expect(valley.centre.hashes).toEqual(valley.entries.map(({ hash }) => hash));
    expect(valley.state()).toMatchObject({ phase: 'streaming', sentNumber: 300, settledNumber: 300, badPackets: 0 });
  });

  it('enrols with a voucher, then sends what it has kept', async () => {
    valley = new Valley();
    valley.pay(12);
    await valley.start(undefined);
    expect(valley.state()).toMatchObject({ phase: 'unenrolled', link: 'off' });
    valley.agent?.enrol(voucher);
    await valley.until(() => valley.settled.number === 12);
    expect(valley.enrolments).toEqual(['syabru Syabru']);
  });

  it('an empty journal takes the name that the voucher gives, one with entries does not', async () => {
    valley = new Valley();
    valley.granted = 'gatlang' as GatewayId;
    valley.pay(1);
    await valley.start(undefined);
    valley.agent?.enrol(voucher);
    await valley.until(() => valley.reports.length > 0);
    expect(valley.reports[0]).toEqual({ code: 'refused', reason: 'other-gateway', proved: true });
    expect(valley.state().phase).toBe('unenrolled');
    valley.entries = [];
    valley.agent?.enrol(voucher);
    await valley.until(() => valley.enrolments.length === 1);
    expect(valley.enrolments).toEqual(['gatlang Syabru']);
  });

  it('W2, I13: forged, foreign and oversized messages are dropped and counted; the rest goes on', async () => {
    valley = new Valley();
    await valley.start(office.publicKey);
    await valley.until(() => valley.state().link === 'on');
    const topic = downTopic(stream.name.gateway);
    for (const bytes of [Uint8Array.of(0x12, 1, 2), down(box), new Uint8Array(0)]) valley.office?.publish(topic, Buffer.from(bytes));
    await valley.until(() => valley.state().badPackets === 3);
    valley.office?.publish(topic, Buffer.alloc(MAX_MESSAGE_BYTES * 3, 0x12));
    await valley.until(() => valley.state().link === 'off');
    await valley.until(() => valley.state().link === 'on');
    valley.office?.publish(topic, Buffer.from(down(office)));
    await valley.until(() => valley.documents.length === 1);
    valley.pay(5);
    await valley.until(() => valley.settled.number === 5);
    expect(valley.agent?.sendDocument([down(box)])).toBe(true);
  });
});
