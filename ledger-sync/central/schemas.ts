/**
 * The centre's HTTP bodies: one zod schema each. Amounts are decimal strings of minor units, times ISO 8601 UTC.
 * The renderer imports types from here only.
 */
import { z } from '@hono/zod-openapi';
import { COUNT_LIMIT, METER, METER_UNITS, STARTING_CODE_LIMIT } from '../protocol/lease.ts';
import { LEASE_LIMITS } from './lease-tables.ts';

/** A total over journals may leave 64 bits, so it may be longer than an amount. */
const minor = z.string().regex(/^(0|-?[1-9][0-9]{0,38})$/);
const instant = z.iso.datetime();

export const CentreEntry = z
  .object({
    /** The centre's own order: every entry once, rising. */
    sequence: z.int(),
    gateway: z.string(),
    epoch: z.string(),
    number: z.int(),
    hash: z.string(),
    previous: z.string(),
    method: z.string(),
    action: z.string(),
    paymentId: z.string(),
    refersTo: z.string().optional(),
    account: z.string(),
    amount: minor,
    currency: z.string(),
    postings: z.array(z.object({ account: z.string(), amount: minor })),
    operator: z.string(),
    memo: z.string().optional(),
    at: instant,
    receivedAt: instant,
    /** `canonical` entries make the ledger; others are stored and shown, and opened a break. */
    standing: z.enum(['canonical', 'forked']),
    breaks: z.array(z.int()),
  })
  .openapi('CentreEntry');
export const CentreEntries = z
  .object({ entries: z.array(CentreEntry), next: z.int().optional(), total: z.int().optional() })
  .openapi('CentreEntries');

export const CentrePosition = z
  .object({ gateway: z.string(), epoch: z.string(), balance: minor, available: minor })
  .openapi('CentrePosition');
export const CentreAccount = z
  .object({
    id: z.string(),
    kind: z.string(),
    currency: z.string(),
    /** Sum of postings: debit > 0, credit < 0. */
    balance: minor,
    /** The balance from the account's own side. */
    available: minor,
    entries: z.int(),
    positions: z.array(CentrePosition).optional(),
    asOf: instant,
    /** Until when nothing more can come: the oldest moment that every live gateway has reported up to. Given with one account. */
    sureUntil: instant.optional(),
  })
  .openapi('CentreAccount');
export const CentreAccounts = z.object({ accounts: z.array(CentreAccount), next: z.string().optional() }).openapi('CentreAccounts');

export const CentreGateway = z
  .object({
    gateway: z.string(),
    site: z.string(),
    epoch: z.string().optional(),
    state: z.enum(['waiting', 'live', 'silent', 'fenced']),
    watermark: z.int(),
    /** The highest number that the gateway said it has; what lies between is on its way. */
    announced: z.int(),
    lag: z.int(),
    lastContact: instant.optional(),
    keyFingerprint: z.string().optional(),
    entries: z.int(),
    batches: z.int(),
    bytes: z.int(),
    refused: z.int(),
    breaks: z.int(),
  })
  .openapi('CentreGateway');
export const CentreGateways = z.object({ gateways: z.array(CentreGateway) }).openapi('CentreGateways');

export const BreakKind = z.enum(['rule-broken', 'unknown-account', 'forked-journal', 'payment-twice', 'undecodable']);
export const Break = z
  .object({
    id: z.int(),
    kind: BreakKind,
    gateway: z.string(),
    epoch: z.string(),
    number: z.int(),
    hash: z.string().optional(),
    /** Which rule of SPEC.md, such as "P9". */
    rule: z.string(),
    detail: z.string(),
    account: z.string().optional(),
    amount: minor.optional(),
    at: instant,
    stage: z.enum(['found', 'closed']),
  })
  .openapi('Break');
export const Breaks = z.object({ breaks: z.array(Break), open: z.int() }).openapi('Breaks');

export const TrialBalance = z
  .object({
    currency: z.string(),
    asOf: instant,
    kinds: z.array(z.object({ kind: z.string(), accounts: z.int(), debit: minor, credit: minor })),
    debit: minor,
    credit: minor,
    entries: z.int(),
  })
  .openapi('TrialBalance');

export const VoucherRequest = z
  .strictObject({ gateway: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/), site: z.string().min(1).max(60) })
  .openapi('VoucherRequest');
export const Voucher = z
  .object({
    id: z.string(),
    gateway: z.string(),
    site: z.string(),
    state: z.enum(['open', 'used', 'expired']),
    /** Shown once, in the answer that makes it. */
    code: z.string().optional(),
    createdAt: instant,
    expiresAt: instant,
    usedAt: instant.optional(),
    keyFingerprint: z.string().optional(),
  })
  .openapi('Voucher');
export const Vouchers = z.object({ vouchers: z.array(Voucher) }).openapi('Vouchers');

const meterName = z.string().regex(METER);
/** Of one unit, in minor units: at most fifteen digits. */
const price = z.string().regex(/^[1-9][0-9]{0,14}$/);
const tariff = { mode: z.enum(['add-time', 'set-time', 'disable-payg']), unit: z.enum(METER_UNITS) };
export const MeterRequest = z
  .strictObject({
    meter: meterName,
    /** The meter's secret key: 32 hex digits. It is never shown again. */
    key: z.string().regex(/^[0-9a-f]{32}$/),
    startingCode: z.int().min(0).max(STARTING_CODE_LIMIT),
    extended: z.boolean().default(false),
    restricted: z.boolean().default(false),
    mode: tariff.mode.default('add-time'),
    unit: tariff.unit.default('day'),
    price,
    currency: z.string().regex(/^[A-Z]{3}$/),
    lastCount: z.int().min(1).max(COUNT_LIMIT).default(1),
  })
  .openapi('MeterRequest');
export const Meter = z
  .object({
    meter: meterName,
    extended: z.boolean(),
    restricted: z.boolean(),
    mode: z.string(),
    unit: z.string(),
    price,
    currency: z.string(),
    lastCount: z.int(),
    createdAt: instant,
  })
  .openapi('Meter');
export const Meters = z.object({ meters: z.array(Meter), next: z.string().optional() }).openapi('Meters');
export const LeaseRequest = z
  .strictObject({
    gateway: z.string().regex(/^[a-z][a-z0-9-]{1,30}$/),
    meter: meterName,
    /** How many counts: two a token. */
    count: z.int().min(2).max(LEASE_LIMITS.counts).optional(),
    price: price.optional(),
    /** A name for this asking: the same one gets the same lease again, should the answer be lost. */
    request: z.string().min(1).max(64).optional(),
    /** Why the meter is taken from a journal that is not fenced, and by whom. */
    takeOver: z.string().trim().min(1).max(200).optional(),
  })
  .openapi('LeaseRequest');
export const Lease = z
  .object({
    number: z.int(),
    meter: meterName,
    gateway: z.string(),
    epoch: z.string(),
    /** Counts from `from` to below `to`. */
    from: z.int(),
    to: z.int(),
    price,
    issuedAt: instant,
    takenOver: z.string().optional(),
  })
  .openapi('Lease');
export const Leases = z.object({ leases: z.array(Lease) }).openapi('Leases');
/** The text holds the meter's key: print it, scan it at the box, and keep it from others. */
export const GivenLease = Lease.extend({ text: z.string() }).openapi('GivenLease');

export const Refused = z
  .object({
    refused: z.array(
      z.object({
        topic: z.string(),
        reason: z.string(),
        count: z.int(),
        firstAt: instant,
        lastAt: instant,
        keyFingerprint: z.string().optional(),
      }),
    ),
  })
  .openapi('Refused');

export const PasswordRequest = z.strictObject({ password: z.string().min(1).max(200) }).openapi('PasswordRequest');
export const OfficeSession = z.object({ user: z.string(), until: instant }).openapi('OfficeSession');

export const CentreStatus = z
  .object({
    version: z.string(),
    keyFingerprint: z.string(),
    broker: z.enum(['connected', 'away']),
    brokerSince: instant,
    entries: z.int(),
    gateways: z.int(),
    openBreaks: z.int(),
    settledToday: z.object({ entries: z.int(), amount: minor }),
    at: instant,
  })
  .openapi('CentreStatus');

/** Server-sent events of the centre's `GET /v1/events`. */
export type CentreEvent =
  | {
      readonly type: 'entry';
      readonly data: { readonly gateway: string; readonly from: number; readonly to: number; readonly sequence: number };
    }
  | { readonly type: 'gateway'; readonly data: z.infer<typeof CentreGateway> }
  | { readonly type: 'break'; readonly data: z.infer<typeof Break> }
  | { readonly type: 'document'; readonly data: { readonly name: 'catalogue' } }
  /** What was missed is no longer known: read everything again. */
  | { readonly type: 'reset'; readonly data: Readonly<Record<string, never>> };

export type CentreEntryBody = z.infer<typeof CentreEntry>;
export type CentreEntriesBody = z.infer<typeof CentreEntries>;
export type CentreAccountBody = z.infer<typeof CentreAccount>;
export type CentreAccountsBody = z.infer<typeof CentreAccounts>;
export type CentreGatewayBody = z.infer<typeof CentreGateway>;
export type CentreGatewaysBody = z.infer<typeof CentreGateways>;
export type BreakBody = z.infer<typeof Break>;
export type BreaksBody = z.infer<typeof Breaks>;
export type TrialBalanceBody = z.infer<typeof TrialBalance>;
export type VoucherBody = z.infer<typeof Voucher>;
export type VouchersBody = z.infer<typeof Vouchers>;
export type MeterBody = z.infer<typeof Meter>;
export type MetersBody = z.infer<typeof Meters>;
export type LeaseBody = z.infer<typeof Lease>;
export type LeasesBody = z.infer<typeof Leases>;
export type RefusedBody = z.infer<typeof Refused>;
export type CentreStatusBody = z.infer<typeof CentreStatus>;
export type OfficeSessionBody = z.infer<typeof OfficeSession>;
