/** The sync agent of a box: over the real journal once it is enrolled, over a stub that only asks before. */
import { type Agent, type AgentHooks, type JournalSource, startAgent } from '../../../ledger-sync/agent/agent.ts';
import type { AgentState } from '../../../ledger-sync/agent/agent-state.ts';
import { mqttLink } from '../../../ledger-sync/agent/mqtt-link.ts';
import { type Epoch, type GatewayId, parseGatewayId } from '../../../ledger-sync/ledger/ids.ts';
import { EMPTY_HEAD } from '../../../ledger-sync/ledger/journal.ts';
import { must } from '../../../ledger-sync/ledger/result.ts';
import type { DocumentMessage } from '../../../ledger-sync/protocol/document-message.ts';
import type { Signer } from '../../../ledger-sync/protocol/signing.ts';
import type { Ledger } from '../../api/face.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Entropy } from '../../platform/entropy.ts';
import type { Log } from '../../platform/log.ts';
import type { Timers } from '../../platform/timers.ts';

export type SyncOptions = {
  readonly mqttUrl: string;
  readonly signer: Signer;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly heartbeatMs: number;
  readonly mostReconnectMs: number;
};

const CONNECT_TIMEOUT_MS = 90_000;
const KEEPALIVE_MS = 120_000;

type Listeners = {
  readonly onState: (state: AgentState) => void;
  readonly onDocument: (message: DocumentMessage) => void;
};

function link(options: SyncOptions, name: string) {
  const { mqttUrl: url, entropy } = options;
  const clientId = `${name}-${Buffer.from(entropy.bytes(4)).toString('hex')}`;
  return mqttLink({
    url,
    clientId,
    keepaliveMs: KEEPALIVE_MS,
    connectTimeoutMs: Math.min(CONNECT_TIMEOUT_MS, options.mostReconnectMs * 8),
  });
}

const settingsOf = ({ heartbeatMs, mostReconnectMs }: SyncOptions) => ({
  heartbeatMs,
  mostReconnectMs,
  leastReconnectMs: Math.min(500, mostReconnectMs),
  keepaliveMs: KEEPALIVE_MS,
});

/** The agent of an enrolled box. */
export function startSync(options: SyncOptions, ledger: Ledger, centreKey: Uint8Array, listeners: Listeners): Agent {
  const { signer, clock, timers, entropy, log } = options;
  const { reader, writer } = ledger;
  const name = reader.name();
  const source: JournalSource = {
    head: () => reader.head(),
    name: () => name,
    entriesAfter: (number, limit) => reader.entriesAfter(number, limit),
    watermark: () => reader.watermark(),
  };
  const hooks: AgentHooks = {
    ...listeners,
    settle: async ({ received, archived }) => {
      const done = await writer.execute('settle', { received, archived, at: clock.now() });
      if (done.ok) return;
      if (done.error.code === 'fenced') await writer.execute('fence', { reason: done.error.detail, at: clock.now() });
      throw new Error(done.error.detail);
    },
    fence: async (reason) => {
      log.error({ reason }, 'the journal is fenced: nothing more is taken on this box until head office has looked');
      const done = await writer.execute('fence', { reason, at: clock.now() });
      if (!done.ok) throw new Error(done.error.detail);
    },
    enrolled: async () => undefined,
    onReport: (report) => log.warn({ report }, 'sync'),
  };
  const isFenced = reader.fenced() !== undefined;
  const openLink = link(options, name.gateway);
  return startAgent({ openLink, source, signer, centreKey, isFenced, hooks, clock, timers, entropy, settings: settingsOf(options) });
}

export type EnrolmentListeners = {
  readonly onEnrolled: (answer: { readonly gateway: GatewayId; readonly site: string; readonly centreKey: Uint8Array }) => Promise<void>;
  /** `proved` false: only a hint, and the asking goes on. */
  readonly onRefused: (reason: string, proved: boolean) => void;
  readonly onState: (state: AgentState) => void;
};

/** The agent of a box that has no name yet: it can ask, and nothing else. */
export function startEnrolment(options: SyncOptions, epoch: Epoch, listeners: EnrolmentListeners): Agent {
  const { signer, clock, timers, entropy, log } = options;
  const nameless = must(parseGatewayId('no-name-yet'), 'the name of a box without one');
  const source: JournalSource = {
    head: () => EMPTY_HEAD,
    name: () => ({ gateway: nameless, epoch }),
    entriesAfter: () => [],
    watermark: () => ({ received: EMPTY_HEAD, archived: 0 }),
  };
  const hooks: AgentHooks = {
    settle: async () => undefined,
    fence: async () => undefined,
    enrolled: (enrolled) => listeners.onEnrolled(enrolled),
    onState: listeners.onState,
    onDocument: () => undefined,
    onReport: (report) => {
      log.warn({ report }, 'enrolment');
      if (report.code === 'refused') listeners.onRefused(report.reason, report.proved);
    },
  };
  return startAgent({ openLink: link(options, 'new-box'), source, signer, hooks, clock, timers, entropy, settings: settingsOf(options) });
}
