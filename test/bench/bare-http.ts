/** The gateway's HTTP face over a ledger that answers at once: the floor that `http.rate` is held against. A process of its own. */
import type { EntryHash, EntryNumber, Epoch, GatewayId } from '../../ledger-sync/ledger/ids.ts';
import { ok } from '../../ledger-sync/ledger/result.ts';
import { gatewayApp } from '../../main/api/app.ts';
import type { GatewayFace, Ledger } from '../../main/api/face.ts';
import type { PaymentOutcome, TakePayment } from '../../main/gateway/commands.ts';
import { type Fetch, listen } from '../../main/platform/http/listen.ts';

const outcomeOf = (payment: TakePayment): PaymentOutcome => ({
  status: 'approved',
  repeated: false,
  id: payment.id,
  entry: { gateway: 'bench' as GatewayId, epoch: '0000000000000000' as Epoch, number: 1 as EntryNumber, hash: '0'.repeat(64) as EntryHash },
  at: payment.at,
  postings: [],
  receipt: [
    { name: 'amount', value: payment.amount.toString() },
    { name: 'currency', value: payment.currency },
  ],
});

const ledger = {
  writer: { execute: async (_command: string, input: TakePayment) => ok(outcomeOf(input)) },
  reader: { watermark: () => ({ received: { number: 0 }, archived: 0 }) },
} as unknown as Ledger;

const face = {
  sessions: { find: () => ({ kind: 'token', name: 'bench', scopes: ['admin'] }) },
  ledger: () => ledger,
  sentNumber: () => 0,
  now: () => Date.now(),
} as unknown as GatewayFace;

const app = gatewayApp({ face, pagesDirectory: '/nonexistent', hostNames: [], logError: (error) => process.stderr.write(`${error}\n`) });
const server = await listen(app.fetch as Fetch, { host: '127.0.0.1', port: 0 });
if (!server.ok) throw new Error(server.error.detail);
process.stdout.write(`${JSON.stringify({ ready: 'bare', http: server.value.url, pid: process.pid })}\n`);
process.on('SIGTERM', () => process.exit(0));
