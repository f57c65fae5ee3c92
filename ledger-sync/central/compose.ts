/** Puts the centre together: the only place that opens its database, its port and its broker. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Address } from '../../main/platform/address.ts';
import type { Clock } from '../../main/platform/clock.ts';
import { syncFolder, writeDurably } from '../../main/platform/durable-file.ts';
import type { Entropy } from '../../main/platform/entropy.ts';
import { ExitFault } from '../../main/platform/exit.ts';
import { createEventHub } from '../../main/platform/http/event-stream.ts';
import { namesOfListener } from '../../main/platform/http/guard.ts';
import { listen } from '../../main/platform/http/listen.ts';
import { loadIdentity } from '../../main/platform/identity.ts';
import type { Log } from '../../main/platform/log.ts';
import { systemTimers, type Timers } from '../../main/platform/timers.ts';
import { VERSION } from '../../main/platform/version.ts';
import { fingerprint, signerFromPem } from '../protocol/ed25519.ts';
import type { Signer } from '../protocol/signing.ts';
import { type DocumentDesk, noDocuments } from './documents.ts';
import { createGatewayList } from './gateways.ts';
import { centralApp } from './http.ts';
import { Ingest, type IngestEvents } from './ingest.ts';
import { Live } from './live.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { loadOfficePassword } from './password.ts';
import { Runner } from './runner.ts';
import { DATABASE_FILE, OpenFault } from './sqlite/open.ts';
import { createThreadedTables } from './sqlite/threaded-tables.ts';
import type { Tables } from './tables.ts';

export type CentralOptions = {
  readonly dataDirectory: string;
  readonly http: Address;
  readonly mqttUrl: string;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly log: Log;
  readonly officeAssetsDirectory: string;
  readonly timers?: Timers;
  /** Other names by which the office is reached. */
  readonly hostNames?: readonly string[];
  /** A gateway that was not heard for so long is shown as silent. */
  readonly silentAfterMs?: number;
  /** The shortest time between two GAPs of one watermark. */
  readonly gapIntervalMs?: number;
  /** Merged documents; without them the catalogue is empty and read only. */
  readonly documents?: (parts: { readonly tables: Tables; readonly signer: Signer; readonly log: Log }) => Promise<DocumentDesk>;
};
export type Central = { readonly httpUrl: string; stop(): Promise<void> };

const SILENT_AFTER_MS = 15 * 60_000;
const HOUSEKEEPING_MS = 2_000;

/** A mark beside the database says that it was whole once: from then on an empty or absent one is a loss, not a first start. */
function openTables(directory: string): Tables {
  const path = join(directory, DATABASE_FILE);
  const mark = `${path}.made`;
  const wasMade = existsSync(mark);
  try {
    const tables = createThreadedTables(path, wasMade);
    if (!wasMade) {
      writeDurably(mark, '');
      syncFolder(directory);
    }
    return tables;
  } catch (error) {
    if (!(error instanceof OpenFault)) throw error;
    throw new ExitFault(error.code === 'locked' || error.code === 'cannot-open' ? 1 : 3, error.message);
  }
}

export async function startCentral(options: CentralOptions): Promise<Central> {
  const { dataDirectory, clock, entropy, log } = options;
  const timers = options.timers ?? systemTimers;
  const now = () => clock.now();
  const silentAfterMs = options.silentAfterMs ?? SILENT_AFTER_MS;
  const signer = signerFromPem(loadIdentity(dataDirectory, [DATABASE_FILE]));
  const tables = openTables(dataDirectory);
  const password = await loadOfficePassword(tables, dataDirectory, entropy, (path) =>
    log.warn({ path }, 'the office has a new password: it stands in that file'),
  );
  const documents = (await options.documents?.({ tables, signer, log })) ?? noDocuments(now);

  // The parts below need each other; events come only once all of them are there.
  const parts: { live?: Live; metrics?: Metrics } = {};
  const events: IngestEvents = {
    stored(journal, from, to, lastSequence) {
      parts.metrics?.entries(to - from + 1);
      parts.live?.entries(journal, from, to, lastSequence);
    },
    broke(found) {
      parts.metrics?.brokenRule(found.kind);
      parts.live?.broke(found);
      log.warn({ gateway: found.gateway, number: found.number, kind: found.kind, rule: found.rule, detail: found.detail }, 'break');
    },
    fenced: (journal) => parts.live?.gateway(journal.name.gateway),
    met: (journal) => parts.live?.gateway(journal.name.gateway),
    enrolled(journal) {
      parts.live?.gateway(journal.name.gateway);
      log.info({ gateway: journal.name.gateway, epoch: journal.name.epoch, key: fingerprint(journal.publicKey) }, 'enrolled');
    },
    storage(fault) {
      if (fault === undefined) log.info('entries are stored again');
      else
        log.error(
          { code: fault.code },
          `nothing is acknowledged: ${fault.message}. Make room; gateways keep their entries and send them again`,
        );
    },
  };
  const { gapIntervalMs } = options;
  const ingest = new Ingest({ tables, signer, now, entropy, documents, events, ...(gapIntervalMs === undefined ? {} : { gapIntervalMs }) });
  await ingest.load();
  const hub = createEventHub();
  const gateways = createGatewayList({ tables, desk: ingest.desk, refusals: ingest.refusals, now, silentAfterMs });
  const metrics = createMetrics(ingest, () => hub.listeners());
  const live = new Live(hub, gateways, timers);
  Object.assign(parts, { live, metrics });
  documents.onChanged((name) => live.document(name));
  const runner = new Runner({ mqttUrl: options.mqttUrl, ingest, metrics, now, timers, entropy, log });

  const flush = () =>
    ingest
      .flush()
      .catch((error: unknown) => log.error({ err: error }, 'contacts and refusals could not be written; they are shown all the same'));
  const app = centralApp({
    office: {
      tables,
      gateways,
      documents,
      sendDocuments: (messages) => runner.send(ingest.encodeDocuments(messages)),
      flush,
      hub,
      metrics,
      password,
      now,
      entropy,
      version: VERSION,
      signer,
      keyFingerprint: fingerprint(signer.publicKey),
      broker: () => runner.state(),
      trouble: () => ingest.storageState()?.message,
      logError: (error, path) => log.error({ err: error, path }, 'a request failed'),
    },
    pagesDirectory: options.officeAssetsDirectory,
    hostNames: namesOfListener(options.http.host, options.hostNames),
  });
  const listening = await listen(app.fetch, options.http);
  if (!listening.ok) {
    hub.close();
    await tables.close();
    throw new ExitFault(1, listening.error.detail);
  }
  runner.start();

  let stopped = false;
  let cancelHousekeeping: () => void = () => undefined;
  const housekeeping = () => {
    cancelHousekeeping = timers.setTimer(HOUSEKEEPING_MS, () => {
      void flush()
        .then(() => live.watch())
        .catch((error: unknown) => log.error({ err: error }, 'the gateways could not be looked through'))
        .finally(() => {
          if (!stopped) housekeeping();
        });
    });
  };
  housekeeping();

  return {
    httpUrl: listening.value.url,
    async stop() {
      if (stopped) return;
      stopped = true;
      cancelHousekeeping();
      await runner.stop();
      live.stop();
      await listening.value.close(1_000);
      await flush();
      await tables.close();
    },
  };
}
