/**
 * How far this box is with head office: `enrolment.json` in its private folder. The epoch is made once, before the box first asks, so that
 * a repeated request is the same request; the voucher stays in the file only until it is answered.
 * Invariant: once `enrolled`, the file does not change; the journal's database is made after it.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Epoch, type GatewayId, parseEpoch, parseGatewayId } from '../../../ledger-sync/ledger/ids.ts';
import { type Currency, parseCurrency } from '../../../ledger-sync/ledger/money.ts';
import { err, must, type Result } from '../../../ledger-sync/ledger/result.ts';
import { type Lease, openLease } from '../../../ledger-sync/protocol/lease.ts';
import { replaceDurably } from '../../platform/durable-file.ts';
import { type Entropy, randomHex } from '../../platform/entropy.ts';
import { ExitFault } from '../../platform/exit.ts';
import { parseJson } from '../../platform/json.ts';
import { JOURNAL_FILE } from '../../store/database.ts';

/** Parsed where it is read: a damaged name must be said as such, not fail when it is used. */
const epoch = z.string().refine((text) => parseEpoch(text).ok);
const gateway = z.string().refine((text) => parseGatewayId(text).ok);
const currency = z.string().refine((text) => parseCurrency(text).ok);

const Stored = z.discriminatedUnion('state', [
  z.strictObject({ state: z.literal('none'), epoch, since: z.number() }),
  z.strictObject({ state: z.literal('asking'), epoch, voucher: z.string(), since: z.number() }),
  z.strictObject({ state: z.literal('refused'), epoch, reason: z.string(), since: z.number() }),
  z.strictObject({
    state: z.literal('enrolled'),
    epoch,
    gateway,
    site: z.string(),
    currency,
    centreKey: z.string().regex(/^[0-9a-f]{64}$/),
    /** The key that was enrolled: SHA-256 of its public half. */
    keyFingerprint: z.string().optional(),
    since: z.number(),
  }),
]);
export type EnrolmentState = z.infer<typeof Stored>;
export type EnrolledState = Extract<EnrolmentState, { state: 'enrolled' }>;

export const ENROLMENT = 'enrolment.json';

/** A box whose key is another than head office knows would sign what nobody accepts. */
export function refuseOtherKey(state: EnrolledState, keyFingerprint: string, directory: string): void {
  if (state.keyFingerprint === undefined || state.keyFingerprint === keyFingerprint) return;
  throw new ExitFault(
    3,
    `${join(directory, 'identity.pem')} is another key (${keyFingerprint.slice(0, 16)}...) than the one that head office enrolled (${state.keyFingerprint.slice(0, 16)}...); put that one back`,
  );
}

/** Who this box is, in parsed values. */
export type BoxName = {
  readonly gateway: GatewayId;
  readonly epoch: Epoch;
  readonly currency: Currency;
  readonly site: string;
  readonly centreKey: Uint8Array;
};

export class EnrolmentFile {
  private current: EnrolmentState;
  private readonly directory: string;

  constructor(directory: string, entropy: Entropy, now: number) {
    this.directory = directory;
    this.current = this.read() ?? this.first(entropy, now);
  }

  /** Only where there is no journal: one whose enrolment is gone does not know its own name, and must not get another. */
  private first(entropy: Entropy, now: number): EnrolmentState {
    const journal = join(this.directory, JOURNAL_FILE);
    if (existsSync(journal)) {
      throw new ExitFault(3, `${this.path} is gone, and the journal ${journal} was made under it; put it back from a copy of this folder`);
    }
    return this.write({ state: 'none', epoch: randomHex(entropy, 8), since: now });
  }

  get state(): EnrolmentState {
    return this.current;
  }

  get epoch(): Epoch {
    return must(parseEpoch(this.current.epoch), 'the stored epoch');
  }

  ask(voucher: string, now: number): void {
    this.write({ state: 'asking', epoch: this.current.epoch, voucher, since: now });
  }

  refuse(reason: string, now: number): void {
    this.write({ state: 'refused', epoch: this.current.epoch, reason, since: now });
  }

  accept(answer: { gateway: string; site: string; centreKey: Uint8Array }, currency: string, now: number, keyFingerprint?: string): void {
    const { gateway, site } = answer;
    const own = keyFingerprint === undefined ? {} : { keyFingerprint };
    const centreKey = Buffer.from(answer.centreKey).toString('hex');
    this.write({ state: 'enrolled', epoch: this.current.epoch, gateway, site, currency, centreKey, ...own, since: now });
  }

  private get path(): string {
    return join(this.directory, ENROLMENT);
  }

  private read(): EnrolmentState | undefined {
    let text: string;
    try {
      text = readFileSync(this.path, 'utf8');
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new ExitFault(1, `${this.path} cannot be read: ${(fault as Error).message}`);
    }
    const parsed = Stored.safeParse(parseJson(text));
    if (!parsed.success)
      throw new ExitFault(
        3,
        `${this.path} is damaged; put it back from a copy, or ask head office for a new voucher and a new data folder`,
      );
    return parsed.data;
  }

  private write(state: EnrolmentState): EnrolmentState {
    replaceDurably(this.path, `${JSON.stringify(state, null, 2)}\n`);
    this.current = state;
    return state;
  }
}

export function boxName(state: EnrolledState): BoxName {
  return {
    gateway: must(parseGatewayId(state.gateway), 'the enrolled gateway'),
    epoch: must(parseEpoch(state.epoch), 'the enrolled epoch'),
    currency: must(parseCurrency(state.currency), 'the enrolled currency'),
    site: state.site,
    centreKey: new Uint8Array(Buffer.from(state.centreKey, 'hex')),
  };
}

/** A lease out of its text, if the head office that enrolled this box signed it. */
export function leaseFor(state: EnrolmentState, text: string): Result<Lease, { readonly code: string; readonly detail: string }> {
  if (state.state === 'enrolled') return openLease(text, boxName(state).centreKey);
  return err({ code: 'not-enrolled', detail: 'This box is not enrolled yet, so no lease can be for it.' });
}
