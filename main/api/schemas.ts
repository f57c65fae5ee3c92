/**
 * The gateway's HTTP bodies: one zod schema each, from which the checks, the OpenAPI document and the renderer's types come.
 * Invariants: amounts are decimal strings of minor units, times ISO 8601 UTC; unknown members of a request are refused.
 * The renderer imports types from here only (`import type`), so that no zod reaches the browser.
 */
import { z } from '@hono/zod-openapi';
import { SensorsStatus } from './sensor-schemas.ts';

const MINOR = 'a whole number of minor units as text, such as "12500"';
const AMOUNT = 'more than zero, in whole minor units as text, such as "12500" for 125.00';
const minor = z.string(MINOR).regex(/^(0|-?[1-9][0-9]{0,18})$/, MINOR);
const amount = z.string(AMOUNT).regex(/^[1-9][0-9]{0,18}$/, AMOUNT);
const instant = z.iso.datetime();
const paymentId = z.string().regex(/^[A-Za-z0-9_:.-]{1,64}$/, '1 to 64 letters, digits or _ : . -');
const accountId = z.string().regex(/^[a-z]+:[A-Za-z0-9._-]{1,48}$/, 'kind:name, such as "wallet:W-1042"');
const currency = z.string().regex(/^[A-Z]{3}$/, 'an ISO 4217 code, such as "NPR"');
/** One line of plain text: no control characters (a printer and a terminal obey them) and no halves of a character. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'one line of plain text, without control characters');
const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Sixteen of the method's own, and `item.1` to `item.100` = `quantity|amount|English|Nepali` for the receipt. */
const MAX_FIELDS = 116;

export const Problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    /** Stable; what a program or a translation table goes by. */
    code: z.string(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .openapi('Problem');

export const Posting = z.object({ account: accountId, amount: minor }).openapi('Posting');
export const Field = z.object({ name: z.string(), value: z.string() }).openapi('Field');
export const Seal = z.enum(['kept', 'sent', 'settled']).openapi('Seal');
export const EntryRef = z.object({ gateway: z.string(), epoch: z.string(), number: z.int(), hash }).openapi('EntryRef');

export const PaymentRequest = z
  .strictObject({
    id: paymentId.optional(),
    method: z.string().min(1).max(32),
    action: z.string().min(1).max(32),
    account: accountId.optional(),
    counterparty: accountId.optional(),
    amount,
    currency,
    refersTo: paymentId.optional(),
    memo: text(140).optional(),
    fields: z
      .record(text(64).min(1), text(256))
      .refine((fields) => Object.keys(fields).length <= MAX_FIELDS, `at most ${MAX_FIELDS} fields`)
      .refine((fields) => Object.keys(fields).filter((name) => !name.startsWith('item.')).length <= 16, 'at most 16 fields besides item.N')
      .optional(),
  })
  .openapi('PaymentRequest');

export const DeclineReason = z
  .object({
    code: z.enum(['not-enough', 'unknown-account', 'not-allowed', 'invalid', 'already-done', 'budget']),
    detail: z.string(),
    availableHere: minor.optional(),
    elsewhere: z.string().optional(),
  })
  .openapi('DeclineReason');

export const Approved = z
  .object({
    id: paymentId,
    status: z.literal('approved'),
    entry: EntryRef,
    at: instant,
    postings: z.array(Posting),
    receipt: z.array(Field),
    seal: Seal,
  })
  .openapi('Approved');
export const Declined = z.object({ id: paymentId, status: z.literal('declined'), at: instant, reason: DeclineReason }).openapi('Declined');
export const PaymentAnswer = z.discriminatedUnion('status', [Approved, Declined]).openapi('PaymentAnswer');

export const ReversalRequest = z.strictObject({ id: paymentId, reason: text(140).min(1) }).openapi('ReversalRequest');

export const OpenAccountRequest = z
  .strictObject({ id: accountId, currency, opening: minor.optional(), limit: minor.optional(), name: text(80).optional() })
  .openapi('OpenAccountRequest');

export const Account = z
  .object({
    id: accountId,
    kind: z.string(),
    currency,
    name: z.string().optional(),
    /** Side x balance - floor: what may be spent here and now. For an unbounded account its balance from its own side. */
    availableHere: minor,
    elsewhere: minor.optional(),
    asOf: instant,
    limit: minor,
    open: z.boolean(),
  })
  .openapi('Account');
export const AccountList = z.object({ accounts: z.array(Account) }).openapi('AccountList');

export const LimitRequest = z.strictObject({ limit: minor }).openapi('LimitRequest');

/** One line of an account's statement. Amounts are seen from the account's own side: what it holds grows with them; a khata's debt is below 0. */
export const StatementLine = z
  .object({
    number: z.int(),
    id: paymentId,
    at: instant,
    method: z.string(),
    action: z.string(),
    /** The entry's amount; of a khata's opening its limit, of a limit by how much it moved. */
    amount: minor,
    change: minor,
    /** After this line. */
    balance: minor,
    refersTo: paymentId.optional(),
    memo: z.string().optional(),
  })
  .openapi('StatementLine');
/** Newest first; `next` is what `before` of the next page is. */
export const Statement = z.object({ account: Account, lines: z.array(StatementLine), next: z.string().optional() }).openapi('Statement');

export const JournalEntry = z
  .object({
    gateway: z.string(),
    epoch: z.string(),
    number: z.int(),
    hash,
    previous: hash,
    method: z.string(),
    action: z.string(),
    paymentId,
    refersTo: paymentId.optional(),
    account: accountId,
    amount: minor,
    currency,
    postings: z.array(Posting),
    operator: z.string(),
    memo: z.string().optional(),
    at: instant,
  })
  .openapi('JournalEntry');
export const Journal = z
  .object({ entries: z.array(JournalEntry), head: z.object({ number: z.int(), hash }), next: z.int().optional() })
  .openapi('Journal');

/** One line of the kiosk's history. */
export const HistoryItem = z
  .object({
    id: paymentId,
    entry: EntryRef,
    method: z.string(),
    action: z.string(),
    account: accountId,
    counterparty: accountId.optional(),
    amount: minor,
    currency,
    at: instant,
    seal: Seal,
    refersTo: paymentId.optional(),
    /** What can still be refunded or reversed of it. */
    refundable: minor,
    receipt: z.array(Field),
    /** How often its receipt may have been printed; the second is a copy. */
    prints: z.int(),
    memo: z.string().optional(),
  })
  .openapi('HistoryItem');
export const History = z.object({ payments: z.array(HistoryItem), next: z.int().optional() }).openapi('History');

export const SessionRequest = z.strictObject({ code: z.string().min(1).max(32), kiosk: text(40).min(1) }).openapi('SessionRequest');
export const Session = z
  .object({
    /** The first part of the payment ids that this kiosk makes. */
    session: z.string(),
    kiosk: z.string(),
    gateway: z.string(),
    site: z.string(),
    currency,
    scopes: z.array(z.enum(['pay', 'read', 'admin', 'enrol', 'sense'])),
  })
  .openapi('Session');

export const PairedKiosk = z.object({ session: z.string(), kiosk: z.string(), at: instant }).openapi('PairedKiosk');
export const PairedKiosks = z.object({ sessions: z.array(PairedKiosk) }).openapi('PairedKiosks');

export const LinkState = z.enum(['on', 'slow', 'off']).openapi('LinkState');
export const Status = z
  .object({
    gateway: z.string(),
    site: z.string(),
    currency,
    epoch: z.string(),
    head: z.object({ number: z.int(), hash }),
    watermark: z.object({ received: z.int(), archived: z.int() }),
    /** The highest number that was handed to the link in this process's life. */
    sent: z.int(),
    pending: z.object({ entries: z.int(), bytes: z.int() }),
    link: z.object({ state: LinkState, since: instant, rttMs: z.number().optional(), lossPct: z.number().optional() }),
    clock: z.object({ offsetMs: z.number().optional(), trusted: z.boolean() }),
    power: z.object({ mode: z.enum(['full', 'saving', 'essential']), chargePct: z.number().optional() }),
    printer: z.object({
      state: z.enum(['ready', 'none', 'paper-out', 'cover-open', 'unplugged', 'error']),
      waiting: z.int(),
    }),
    methods: z.array(z.object({ method: z.string(), actions: z.array(z.string()) })),
    /** Cells that did not come back and were stopped; absent where there was none. */
    cellHangs: z
      .object({
        /** Those on record: the newest thousand at most. */
        recorded: z.int(),
        /** Methods that are declined for a minute without asking their cell, because it hung several times. */
        setAside: z.array(z.string()),
        last: z.object({
          payment: paymentId,
          method: z.string(),
          version: z.string().optional(),
          elapsedMs: z.int(),
          at: instant,
        }),
      })
      .optional(),
    /** Whether head office has accepted this box (it is enrolled). */
    accepted: z.boolean(),
    /** Whether the journal is fenced, and why nothing is taken then. */
    fenced: z.string().optional(),
    /** The sensors' threads; `asleep` until the first reading. */
    sensors: SensorsStatus.optional(),
    village: z.boolean(),
    version: z.string(),
  })
  .openapi('Status');

const catalogueId = z.string().regex(/^[a-z0-9-]{1,40}$/);
export const CatalogueName = z.strictObject({ en: text(60), ne: text(60) });
export const CatalogueItem = z
  .object({
    id: catalogueId,
    name: CatalogueName,
    unit: CatalogueName,
    /** Minor units, of the site's currency. */
    price: amount,
    category: text(24),
    icon: text(24),
    hidden: z.boolean().optional(),
  })
  .openapi('CatalogueItem');
export const Catalogue = z.object({ items: z.array(CatalogueItem), asOf: instant }).openapi('Catalogue');
export const CatalogueEdit = z
  .strictObject({
    items: z
      .array(CatalogueItem.partial().required({ id: true }).strict())
      .max(200)
      .optional(),
    remove: z.array(catalogueId).max(200).optional(),
  })
  .openapi('CatalogueEdit');

export const LeaseRequest = z.strictObject({ lease: z.string().min(1).max(1_024) }).openapi('LeaseRequest');
/** The lease of a meter's counter that is in use here, without the meter's key. */
export const Lease = z
  .object({
    number: z.int(),
    account: accountId,
    /** Counts from `from` to below `to`; of two, one is for each token. */
    from: z.int(),
    to: z.int(),
    tokensLeft: z.int(),
    mode: z.string(),
    unit: z.string(),
    /** Of one unit. */
    price: minor,
    currency,
    takenAt: instant,
  })
  .openapi('Lease');
export const LeaseList = z.object({ leases: z.array(Lease) }).openapi('LeaseList');

export const EnrolmentRequest = z.strictObject({ voucher: z.string().min(1).max(64) }).openapi('EnrolmentRequest');
export const Enrolment = z
  .object({
    state: z.enum(['none', 'asking', 'enrolled', 'refused']),
    gateway: z.string().optional(),
    site: z.string().optional(),
    /** SHA-256 of the box's public key, hex. */
    keyFingerprint: z.string(),
    centreFingerprint: z.string().optional(),
    reason: z.string().optional(),
    since: instant,
  })
  .openapi('Enrolment');

const cellVersion = z.string().regex(/^[0-9]{1,6}\.[0-9]{1,6}\.[0-9]{1,6}$/, 'a version, such as "0.2.0"');
export const CellVersion = z
  .object({
    version: cellVersion,
    /** Whether the release brought it or it was installed on this box. */
    origin: z.enum(['shipped', 'installed']),
    state: z.enum(['in-use', 'ready', 'broken']),
    class: z.enum(['fast', 'slow']).optional(),
    world: z.string().optional(),
    /** SHA-256 of the component, hex. */
    digest: hash.optional(),
    /** Its author's Ed25519 key, hex. */
    key: hash.optional(),
    /** Why it cannot be used. */
    reason: z.string().optional(),
  })
  .openapi('CellVersion');
export const Cell = z
  .object({
    name: z.string(),
    inUse: cellVersion.optional(),
    /** What a rollback would put into use. */
    previous: cellVersion.optional(),
    /** False where nobody chose: the highest version of the release is in use. */
    chosen: z.boolean(),
    /** The version that was chosen and cannot be used. */
    missing: cellVersion.optional(),
    versions: z.array(CellVersion),
  })
  .openapi('Cell');
export const CellList = z.object({ cells: z.array(Cell) }).openapi('CellList');
export const CellUse = z
  .strictObject({ version: cellVersion.optional(), previous: z.literal(true).optional() })
  .refine(({ version, previous }) => (version === undefined) !== (previous === undefined), 'either "version" or "previous": true')
  .openapi('CellUse');
export const CellSwitched = z
  .object({ name: z.string(), version: cellVersion, digest: hash, from: cellVersion.optional(), switched: z.boolean() })
  .openapi('CellSwitched');

export const PrintAnswer = z.object({ copy: z.int(), state: z.enum(['due', 'started', 'done', 'unsure']) }).openapi('PrintAnswer');
export const LinkSwitch = z.strictObject({ state: z.enum(['up', 'bad', 'cut']) }).openapi('LinkSwitch');
export const Health = z.object({ ok: z.boolean(), reason: z.string().optional() }).openapi('Health');

/** Server-sent events of `GET /v1/events`; `id` is a number that only grows within this process's life. */
export type GatewayEvent =
  | { readonly type: 'payment'; readonly data: z.infer<typeof HistoryItem> }
  | { readonly type: 'seal'; readonly data: { readonly sent: number; readonly settled: number; readonly head: number } }
  | { readonly type: 'link'; readonly data: z.infer<typeof Status>['link'] }
  | { readonly type: 'document'; readonly data: { readonly name: 'catalogue' } }
  | { readonly type: 'enrolment'; readonly data: z.infer<typeof Enrolment> }
  | {
      readonly type: 'effect';
      readonly data: {
        readonly payment: string;
        readonly kind: 'receipt';
        readonly state: 'due' | 'started' | 'done' | 'unsure' | 'refused';
        readonly reason?: string;
      };
    };

export type ProblemBody = z.infer<typeof Problem>;
export type PaymentRequestBody = z.infer<typeof PaymentRequest>;
export type PaymentAnswerBody = z.infer<typeof PaymentAnswer>;
export type ApprovedBody = z.infer<typeof Approved>;
export type DeclinedBody = z.infer<typeof Declined>;
export type HistoryItemBody = z.infer<typeof HistoryItem>;
export type HistoryBody = z.infer<typeof History>;
export type AccountBody = z.infer<typeof Account>;
export type AccountListBody = z.infer<typeof AccountList>;
export type StatementBody = z.infer<typeof Statement>;
export type JournalBody = z.infer<typeof Journal>;
export type JournalEntryBody = z.infer<typeof JournalEntry>;
export type SessionBody = z.infer<typeof Session>;
export type StatusBody = z.infer<typeof Status>;
export type CatalogueItemBody = z.infer<typeof CatalogueItem>;
export type CatalogueBody = z.infer<typeof Catalogue>;
export type CatalogueEditBody = z.infer<typeof CatalogueEdit>;
export type LeaseBody = z.infer<typeof Lease>;
export type EnrolmentBody = z.infer<typeof Enrolment>;
export type SealState = z.infer<typeof Seal>;
