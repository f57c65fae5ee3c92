/**
 * Sends the operations as kiosks would: each with an id that was made before it went out, again with the same id until it is answered,
 * a share of them twice. Invariants: operations that share a wallet go one after the other, so the model can say what each answer must
 * be; at most `window` are in flight at a gateway; nobody waits for ever (each operation has a deadline).
 */
import type { Log } from '../../platform/log.ts';
import { type Answer, type Client, ClientFault } from '../client.ts';
import type { Expected, Model } from './model.ts';
import { type Operation, orderedAccounts } from './operations.ts';
import { Tally } from './tally.ts';

export type DriverOptions = {
  readonly clients: readonly Client[];
  /** The kiosk session of each gateway: the first part of its ids. */
  readonly sessions: readonly string[];
  readonly model: Model;
  readonly currency: string;
  readonly window: number;
  /** Whether this operation is sent twice, and whether both at once. */
  readonly repeats: (operation: Operation) => 'once' | 'twice' | 'at-once';
  readonly onDone: (done: number) => void;
  readonly now: () => number;
  readonly log: Log;
};

type Paid = {
  readonly status: string;
  readonly entry?: { readonly hash: string; readonly number: number };
  readonly reason?: { readonly code: string };
};

const DEADLINE_MS = 300_000;
const AGAIN_MS = [20, 50, 100, 200, 400];

export class Driver {
  readonly tally = new Tally();
  private readonly options: DriverOptions;
  private readonly queues: Operation[][];
  private readonly positions: number[];
  private readonly inFlight: number[];
  private readonly busy: Set<string>[];
  private readonly counters: number[];
  private done = 0;

  constructor(operations: readonly Operation[], options: DriverOptions) {
    this.options = options;
    this.queues = options.clients.map(() => []);
    for (const operation of operations) this.queues[operation.gateway]?.push(operation);
    this.positions = options.clients.map(() => 0);
    this.inFlight = options.clients.map(() => 0);
    this.busy = options.clients.map(() => new Set());
    this.counters = options.clients.map(() => 0);
  }

  /** Resolves when each operation has its answer. */
  run(): Promise<void> {
    return new Promise((resolve, reject) => {
      const settle = (gateway: number): void => {
        try {
          this.pump(gateway, settle, reject);
        } catch (fault) {
          reject(fault as Error);
        }
        if (this.done === this.queues.reduce((sum, queue) => sum + queue.length, 0)) resolve();
      };
      for (const gateway of this.queues.keys()) settle(gateway);
    });
  }

  private pump(gateway: number, settle: (gateway: number) => void, reject: (fault: Error) => void): void {
    const queue = this.queues[gateway] as Operation[];
    const busy = this.busy[gateway] as Set<string>;
    while ((this.inFlight[gateway] as number) < this.options.window) {
      const operation = queue[this.positions[gateway] as number];
      if (operation === undefined) return;
      const accounts = orderedAccounts(operation);
      // Waiting for the first that is busy keeps the file's order for everybody.
      if (accounts.some((account) => busy.has(account))) return;
      this.positions[gateway] = (this.positions[gateway] as number) + 1;
      this.inFlight[gateway] = (this.inFlight[gateway] as number) + 1;
      for (const account of accounts) busy.add(account);
      this.one(operation).then(() => {
        for (const account of accounts) busy.delete(account);
        this.inFlight[gateway] = (this.inFlight[gateway] as number) - 1;
        this.done++;
        this.options.onDone(this.done);
        settle(gateway);
      }, reject);
    }
  }

  private async one(operation: Operation): Promise<void> {
    const expected = this.options.model.apply(operation);
    const counter = (this.counters[operation.gateway] as number) + 1;
    this.counters[operation.gateway] = counter;
    const id = `${this.options.sessions[operation.gateway]}.${counter}`;
    const how = this.options.repeats(operation);
    const startedAt = this.options.now();
    const answers =
      how === 'at-once' ? await Promise.all([this.ask(operation, id), this.ask(operation, id)]) : [await this.ask(operation, id)];
    this.tally.time(this.options.now() - startedAt);
    if (how === 'twice') answers.push(await this.ask(operation, id));
    this.judge(operation, id, expected, answers);
  }

  private judge(operation: Operation, id: string, expected: Expected, answers: readonly Answer[]): void {
    const [first] = answers as [Answer];
    const paid = first.body as Paid;
    const outcome = outcomeOf(first);
    this.tally.count(operation.kind, expected, outcome);
    if ((expected === 'approved') !== (outcome === 'approved')) {
      this.tally.differ(`${id} (${operation.kind} of ${operation.account}): should be ${expected}, was ${outcome}`);
    }
    for (const again of answers.slice(1)) {
      const repeated = again.body as Paid;
      if (outcomeOf(again) === outcome && repeated.entry?.hash === paid.entry?.hash) this.tally.absorbed++;
      else this.tally.differ(`${id}: the second answer was ${outcomeOf(again)}, the first ${outcome}`);
    }
    if (paid.entry !== undefined) this.tally.approvedHash(operation.gateway, paid.entry.number, paid.entry.hash);
  }

  /** Asks until it is answered: no answer, and "not now", are asked again with the same id. */
  private async ask(operation: Operation, id: string): Promise<Answer> {
    const { clients, currency, now } = this.options;
    const body = {
      id,
      method: 'wallet',
      action: operation.action,
      account: operation.account,
      ...(operation.counterparty === undefined ? {} : { counterparty: operation.counterparty }),
      amount: operation.amount.toString(),
      currency,
    };
    const deadline = now() + DEADLINE_MS;
    for (let tries = 0; ; tries++) {
      try {
        const answer = await (clients[operation.gateway] as Client).send('POST', '/v1/payments', body);
        if (answer.status !== 503 && answer.status !== 429) return answer;
        this.tally.notNow++;
      } catch (fault) {
        if (!(fault instanceof ClientFault)) throw fault;
        this.tally.unanswered++;
      }
      if (now() > deadline) throw new Error(`${id} was not answered for ${DEADLINE_MS / 1_000} s; see the gateway's log`);
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]));
    }
  }
}

function outcomeOf(answer: Answer): string {
  const body = answer.body as Paid & { readonly code?: string };
  if (body?.status === 'approved') return 'approved';
  if (body?.status === 'declined') return `declined: ${body.reason?.code ?? '?'}`;
  return `refused: ${answer.status} ${body?.code ?? ''}`.trim();
}
