/**
 * The box put together: enrolment first, then journal, sync, documents and printer; and the face that the HTTP API asks.
 * Invariants: before it is enrolled a box has no journal and takes no money; everything that changes goes through the writer thread;
 * listeners are told after the commit, never before (I1).
 */
import { join } from 'node:path';
import type { Agent } from '../../../ledger-sync/agent/agent.ts';
import type { AgentState } from '../../../ledger-sync/agent/agent-state.ts';
import { err, ok, type Result } from '../../../ledger-sync/ledger/result.ts';
import { encodeDocument } from '../../../ledger-sync/protocol/document-message.ts';
import { fingerprint, signerFromPem } from '../../../ledger-sync/protocol/ed25519.ts';
import { sha256Hex } from '../../../ledger-sync/protocol/sha256.ts';
import { parseVoucher } from '../../../ledger-sync/protocol/voucher.ts';
import type { FaceFault, GatewayFace, Ledger } from '../../api/face.ts';
import type { EnrolmentBody, StatusBody } from '../../api/schemas.ts';
import { Sessions } from '../../api/sessions.ts';
import { installedCells } from '../../cell-host/installed-cells.ts';
import { randomHex } from '../../platform/entropy.ts';
import { ExitFault } from '../../platform/exit.ts';
import { createEventHub } from '../../platform/http/event-stream.ts';
import { loadIdentity } from '../../platform/identity.ts';
import { VERSION } from '../../platform/version.ts';
import type { SensorLanes } from '../../sensors/sensor-lanes.ts';
import { JOURNAL_FILE } from '../../store/database.ts';
import { JournalMark } from '../../store/journal-mark.ts';
import { openReader } from '../../store/reader.ts';
import type { Committed } from '../../store/writer.ts';
import { startWriter } from '../../store/writer-thread.ts';
import { historyItemBody } from '../read-history.ts';
import { sealOf } from '../seal.ts';
import { hangsStatus, journalStatus } from '../status.ts';
import type { BoxOptions } from './box-options.ts';
import { boxSensors, sensorsBody } from './box-sensors.ts';
import { CellDesk } from './cell-desk.ts';
import { gatewayDocuments } from './document-desk.ts';
import { boxName, ENROLMENT, type EnrolledState, EnrolmentFile, leaseFor, refuseOtherKey } from './enrolment.ts';
import { measured } from './measured-writer.ts';
import { createMetrics } from './metrics.ts';
import { openPrinter } from './printer.ts';
import { ReceiptDesk } from './receipts.ts';
import { type SyncOptions, startEnrolment, startSync } from './sync.ts';
import { villageLink } from './village-link.ts';

export type Box = { readonly face: GatewayFace; sensorsState(): ReturnType<SensorLanes['state']>; stop(): Promise<void> };

const JOURNAL_AGAIN_MS = 5_000;
/** A village shows what happens at once; a real link is spared. */
const PACE = { village: { heartbeatMs: 2_000, mostReconnectMs: 2_000 }, field: { heartbeatMs: 60_000, mostReconnectMs: 60_000 } };

export async function openBox(options: BoxOptions): Promise<Box> {
  const box = new RunningBox(options);
  await box.start();
  return box;
}

class RunningBox implements Box {
  readonly face: GatewayFace;
  private readonly options: BoxOptions;
  private readonly sync: SyncOptions;
  private readonly enrolment: EnrolmentFile;
  private readonly events = createEventHub();
  private readonly metrics = createMetrics({
    head: () => this.ledger?.reader.head().number ?? 0,
    settled: () => this.ledger?.reader.watermark().received.number ?? 0,
    pendingBytes: () => this.ledger?.reader.pending().bytes ?? 0,
    linkUp: () => (this.agentState?.link === 'on' ? 1 : 0),
  });
  private readonly sensors: SensorLanes;
  private readonly cells: CellDesk;
  private readonly documents;
  private readonly sessions: Sessions;
  private ledger: Ledger | undefined;
  private mark: JournalMark | undefined;
  private agent: Agent | undefined;
  private agentState: AgentState | undefined;
  private receipts: ReceiptDesk | undefined;
  private isProbing = false;
  private refusalHint: string | undefined;
  private journalTrouble: string | undefined;
  private printerState: (() => StatusBody['printer']['state']) | undefined;

  constructor(options: BoxOptions) {
    this.options = options;
    const { dataDirectory, clock, entropy, timers, log, mqttUrl, villageUrl } = options;
    const signer = signerFromPem(loadIdentity(dataDirectory, [ENROLMENT, JOURNAL_FILE]));
    const pace = villageUrl === undefined ? PACE.field : PACE.village;
    this.sync = { mqttUrl, signer, clock, timers, entropy, log, ...pace };
    this.enrolment = new EnrolmentFile(dataDirectory, entropy, clock.now());
    this.sessions = new Sessions({ directory: dataDirectory, entropy, ledger: () => this.ledger, localToken: options.localToken });
    const roots = { shipped: options.cellsDirectory, installed: installedCells(dataDirectory) };
    this.cells = new CellDesk(roots, () => this.ledger?.reader.chosenCells());
    this.documents = gatewayDocuments({
      ledger: () => this.ledger,
      actor: randomHex(entropy, 16),
      onChanged: () => {
        this.events.publish('document', { name: 'catalogue' });
        void this.sendDocuments();
      },
    });
    this.sensors = boxSensors(options, roots, () => this.ledger?.reader.chosenCells() ?? [], this.metrics);
    this.face = this.makeFace();
  }

  async start(): Promise<void> {
    const { state } = this.enrolment;
    if (state.state === 'enrolled') await this.openJournal(state);
    else if (state.state === 'asking') this.ask(state.voucher);
    if (this.options.sensorsAddress !== undefined) await this.startSensors();
  }

  /** A damaged database or an address that is not there yet is tried again now and then: the till does not wait for it. */
  private async startSensors(): Promise<void> {
    try {
      await this.sensors.start();
    } catch (fault) {
      this.options.log.error(`no readings are taken yet, payments are: ${(fault as Error).message}`);
    }
  }

  async stop(): Promise<void> {
    this.agent?.stop();
    // A sensor's cell that hangs does not keep the journal from being closed in time.
    const sensors = this.sensors.stop();
    await this.receipts?.stop();
    this.events.close();
    await this.ledger?.writer.stop();
    await this.mark?.flush();
    await sensors;
    this.ledger?.reader.close();
  }

  sensorsState(): ReturnType<SensorLanes['state']> {
    return this.sensors.state();
  }

  private async openJournal(state: EnrolledState): Promise<void> {
    const { dataDirectory, cellsDirectory, printerPath, clock, log } = this.options;
    const { gateway, epoch, currency, site, centreKey } = boxName(state);
    refuseOtherKey(state, fingerprint(this.sync.signer.publicKey), dataDirectory);
    const databasePath = join(dataDirectory, JOURNAL_FILE);
    await this.cells.prepare(this.options.timers, (line) => log.warn(line));
    const writer = await startWriter({
      databasePath,
      cellsDirectory,
      installedCellsDirectory: installedCells(dataDirectory),
      gateway,
      site,
      currency,
      epoch,
      printReceipts: printerPath !== undefined,
      at: clock.now(),
      onTrouble: (line) => log.error(line),
      onHang: ({ method }) => this.metrics.hangs.inc({ method }),
      timers: this.options.timers,
      clock,
    });
    const reader = openReader(databasePath);
    if (reader.name().epoch !== epoch) {
      reader.close();
      await writer.stop();
      throw new ExitFault(
        3,
        `${databasePath} is a journal of another enrolment (${reader.name().epoch}, not ${epoch}); put back what belongs together`,
      );
    }
    this.ledger = { writer: measured(writer, this.metrics, clock), reader };
    this.mark = new JournalMark({ databasePath, epoch: reader.name().epoch, timers: this.options.timers, warn: (line) => log.warn(line) });
    this.mark.raise(reader.head());
    await this.sessions.keepAll();
    writer.onCommitted((committed) => this.onCommitted(committed));
    this.agent = startSync(this.sync, this.ledger, centreKey, {
      onState: (next) => this.onAgentState(next),
      onDocument: (message) => void this.onDocument(message),
    });
    this.agentState = this.agent.state();
    if (printerPath !== undefined) await this.openReceipts(this.ledger, printerPath);
  }

  /** Enrolled for good, so what stands in the way of the journal (a full disk) is waited out. */
  private async openFirstJournal(): Promise<void> {
    const { log, timers } = this.options;
    const state = this.enrolment.state as unknown as EnrolledState;
    try {
      await this.openJournal(state);
      this.journalTrouble = undefined;
      log.info({ gateway: state.gateway }, 'enrolled');
      this.events.publish('enrolment', this.enrolmentBody());
    } catch (fault) {
      this.journalTrouble = `enrolled, but the journal cannot be opened: ${(fault as Error).message}`;
      log.error(this.journalTrouble);
      if (fault instanceof ExitFault && fault.code === 1) timers.setTimer(JOURNAL_AGAIN_MS, () => void this.openFirstJournal());
    }
  }

  private async openReceipts(ledger: Ledger, path: string): Promise<void> {
    const { timers, clock, log, receiptLanguage } = this.options;
    const printer = await openPrinter(path, timers, (line) => log.warn(line));
    this.printerState = () => {
      const { kind } = printer.state();
      return kind === 'offline' ? 'unplugged' : kind;
    };
    this.receipts = new ReceiptDesk({
      ledger,
      printer,
      timers,
      language: receiptLanguage,
      sealOf: (number) => sealOf(number, this.marks(ledger)),
      now: () => clock.now(),
      warn: (line) => log.warn(line),
      onEvent: (event) => {
        this.metrics.receipts.inc({ state: event.state });
        this.events.publish('effect', {
          payment: event.payment,
          kind: 'receipt',
          state: event.state,
          ...(event.reason === undefined ? {} : { reason: event.reason }),
        });
      },
    });
    await this.receipts.resume();
  }

  private onCommitted(committed: Committed): void {
    const { ledger } = this;
    if (ledger === undefined) return;
    if (committed.payments.length > 0) {
      this.mark?.raise(committed.head);
      this.agent?.journalGrew();
      if (this.events.listeners() > 0) {
        const marks = this.marks(ledger);
        for (const number of committed.payments) {
          const row = ledger.reader.historyItem(number);
          if (row !== undefined) this.events.publish('payment', historyItemBody(row, marks));
        }
      }
    }
    this.publishSeal(ledger);
    if (committed.effects) this.receipts?.wake();
    if (committed.cells) this.sensors.refresh();
  }

  private lastSeal = '';
  private publishSeal(ledger: Ledger): void {
    if (this.events.listeners() === 0) return;
    const marks = this.marks(ledger);
    const seal = { sent: Math.max(marks.sent, marks.received), settled: marks.received, head: ledger.reader.head().number };
    const text = JSON.stringify(seal);
    if (text === this.lastSeal) return;
    this.lastSeal = text;
    this.events.publish('seal', seal);
  }

  private onAgentState(state: AgentState): void {
    const before = this.agentState;
    this.agentState = state;
    if (before?.link !== state.link) {
      this.events.publish('link', this.link());
      if (state.link === 'on') void this.sendDocuments();
    }
    if (this.ledger !== undefined) this.publishSeal(this.ledger);
  }

  private async onDocument(message: Parameters<typeof this.documents.receive>[0]): Promise<void> {
    try {
      this.send(await this.documents.receive(message, this.options.clock.now()));
    } catch (fault) {
      this.options.log.warn({ fault }, 'a document message could not be taken in');
    }
  }

  private async sendDocuments(): Promise<void> {
    try {
      this.send(await this.documents.pending());
    } catch (fault) {
      this.options.log.warn({ fault }, 'documents could not be sent');
    }
  }

  private send(messages: readonly Parameters<typeof encodeDocument>[0][]): void {
    for (const message of messages) {
      const transfer = Buffer.from(this.options.entropy.bytes(4)).readUInt32LE();
      const encoded = encodeDocument(message, transfer, this.sync.signer);
      if (encoded.ok) this.agent?.sendDocument(encoded.value);
      else this.options.log.warn({ fault: encoded.error }, 'a document is too large to send');
    }
  }

  /** Asks head office with a voucher until it answers; the journal opens with the answer. */
  private ask(typed: string): void {
    const voucher = parseVoucher(typed);
    if (!voucher.ok) throw new Error(voucher.error.rule);
    this.agent?.stop();
    this.refusalHint = undefined;
    const { currency, clock } = this.options;
    const agent = startEnrolment(this.sync, this.enrolment.epoch, {
      onState: (state) => this.onAgentState(state),
      onRefused: (reason, proved) => {
        // Anybody on the broker can say "unknown": it is shown, for a voucher may be mistyped, and the asking goes on.
        if (!proved) this.refusalHint = reason;
        else {
          agent.stop();
          this.enrolment.refuse(reason, clock.now());
        }
        this.events.publish('enrolment', this.enrolmentBody());
      },
      onEnrolled: async (answer) => {
        if (this.enrolment.state.state === 'enrolled') return;
        this.enrolment.accept(answer, currency, clock.now(), fingerprint(this.sync.signer.publicKey));
        agent.stop();
        await this.openFirstJournal();
      },
    });
    this.agent = agent;
    agent.enrol(voucher.value);
  }

  private async enrol(typed: string): Promise<Result<EnrolmentBody, FaceFault>> {
    if (this.enrolment.state.state === 'enrolled') {
      return err({ code: 'enrolled-already', detail: 'This box is enrolled already. A new voucher is for a new box.' });
    }
    const voucher = parseVoucher(typed);
    if (!voucher.ok) return err({ code: 'bad-voucher', detail: `That is no voucher: ${voucher.error.rule}.` });
    this.enrolment.ask(voucher.value.id + voucher.value.secret, this.options.clock.now());
    this.ask(voucher.value.id + voucher.value.secret);
    return ok(this.enrolmentBody());
  }

  private marks(ledger: Ledger): { readonly sent: number; readonly received: number } {
    return { sent: this.agentState?.sentNumber ?? 0, received: ledger.reader.watermark().received.number };
  }

  private enrolmentBody(): EnrolmentBody {
    const { state } = this.enrolment;
    const hint = state.state === 'asking' ? this.refusalHint : undefined;
    const shown = hint === undefined ? state.state : 'refused';
    return {
      // Enrolled is what it is called once money can be taken: a moment later than head office's answer.
      state: state.state === 'enrolled' && this.ledger === undefined ? 'asking' : shown,
      keyFingerprint: fingerprint(this.sync.signer.publicKey),
      since: new Date(state.since).toISOString(),
      ...(state.state === 'refused' ? { reason: state.reason } : hint === undefined ? {} : { reason: hint }),
      ...(state.state === 'enrolled'
        ? { gateway: state.gateway, site: state.site, centreFingerprint: sha256Hex(Buffer.from(state.centreKey, 'hex')) }
        : {}),
    };
  }

  private link(): StatusBody['link'] {
    const state = this.agentState;
    return {
      state: state?.link ?? 'off',
      since: new Date(state?.sinceMs ?? this.options.clock.now()).toISOString(),
      ...(state?.rttMs === undefined ? {} : { rttMs: state.rttMs }),
    };
  }

  private trouble(): string | undefined {
    const { ledger } = this;
    if (ledger === undefined && this.journalTrouble !== undefined) return this.journalTrouble;
    if (ledger === undefined) return 'not-enrolled: type a voucher of head office at /field/';
    const fenced = ledger.reader.fenced();
    if (fenced !== undefined) return `fenced: ${fenced}`;
    const { state, trouble } = ledger.writer.state();
    if (trouble === undefined) return state === 'serving' ? undefined : `the writer thread is ${state}`;
    if (state === 'serving') this.probeDisk(ledger);
    return `storage: ${trouble}`;
  }

  /** A shop that sends nothing because of the trouble must still see that it is over. */
  private probeDisk(ledger: Ledger): void {
    if (this.isProbing) return;
    this.isProbing = true;
    const done = () => {
      this.isProbing = false;
    };
    ledger.writer.execute('save-setting', { key: 'storage-probe', value: String(this.options.clock.now()) }).then(done, done);
  }

  private makeFace(): GatewayFace {
    const { villageUrl, clock } = this.options;
    return {
      sessions: this.sessions,
      events: this.events,
      catalogue: this.documents,
      sensors: this.sensors,
      ledger: () => this.ledger,
      methods: () => this.ledger?.writer.methods ?? [],
      cells: () => this.cells.list(),
      status: () => this.status(),
      sentNumber: () => this.agentState?.sentNumber ?? 0,
      trouble: () => this.trouble(),
      enrolment: () => this.enrolmentBody(),
      enrol: (voucher) => this.enrol(voucher),
      openLease: (text) => leaseFor(this.enrolment.state, text),
      switchLink: villageUrl === undefined ? undefined : villageLink(villageUrl, () => this.ledger?.reader.name().gateway),
      metrics: () => this.metrics.registry.metrics(),
      now: () => clock.now(),
    };
  }

  private status(): StatusBody {
    const { ledger } = this;
    const journal =
      ledger === undefined
        ? {
            gateway: '',
            site: '',
            currency: this.options.currency,
            epoch: this.enrolment.epoch,
            head: { number: 0, hash: '0'.repeat(64) },
            watermark: { received: 0, archived: 0 },
            sent: 0,
            pending: { entries: 0, bytes: 0 },
          }
        : journalStatus(ledger.reader, this.agentState?.sentNumber ?? 0);
    return {
      ...journal,
      link: this.link(),
      // Head office's signed time comes with a later release: until then the clock is not called trusted.
      clock: { trusted: false },
      power: { mode: 'full' },
      printer: { state: this.printerState?.() ?? 'none', waiting: this.receipts?.waiting ?? 0 },
      methods: (ledger?.writer.methods ?? []).map(({ method, actions }) => ({ method, actions: [...actions] })),
      ...(ledger === undefined ? {} : hangsStatus(ledger)),
      accepted: this.enrolment.state.state === 'enrolled',
      sensors: sensorsBody(this.sensors),
      village: this.options.villageUrl !== undefined,
      version: VERSION,
    };
  }
}
