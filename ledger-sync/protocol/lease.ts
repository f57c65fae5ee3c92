/**
 * The lease of an owned counter (P12, SPEC L1-L3): a range of a meter's token counts that head office gives to one journal, signed by its
 * key, in one line of text that fits a QR code. It holds the meter's key, so whoever has the text can make the meter's tokens.
 * Invariant: the signature covers every byte behind a text of its own kind, so no other message is good for a lease.
 */
import { type Epoch, type GatewayId, parseEpoch, parseGatewayId } from '../ledger/ids.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { fromBase32, toBase32 } from './base32.ts';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { verify } from './ed25519.ts';
import { EPOCH_BYTES, SIGNATURE_BYTES } from './limits.ts';
import { bodyOf, type Signer, signatureOf } from './signing.ts';

/** What a meter's tokens are made of, and what one of their units costs. */
export type MeterTerms = {
  /** 32 hex digits. A secret. */
  readonly key: string;
  /** At most nine digits. */
  readonly startingCode: number;
  readonly extended: boolean;
  /** Tokens of the digits 1 to 4, for meters with four buttons. */
  readonly restricted: boolean;
  readonly mode: TokenMode;
  readonly unit: MeterUnit;
  /** Of one unit, in minor units of `currency`. */
  readonly price: number;
  readonly currency: string;
};

export type Lease = MeterTerms & {
  /** Head office's running number. */
  readonly number: number;
  readonly gateway: GatewayId;
  readonly epoch: Epoch;
  /** The name of the account `energy:<meter>`. */
  readonly meter: string;
  /** Counts from `from` to below `to`. */
  readonly from: number;
  readonly to: number;
  readonly issuedAt: number;
};

export const TOKEN_MODES = ['add-time', 'set-time', 'disable-payg', 'counter-sync'] as const;
export type TokenMode = (typeof TOKEN_MODES)[number];
export const METER_UNITS = ['day', 'hour', 'kwh', 'unit'] as const;
export type MeterUnit = (typeof METER_UNITS)[number];

/** Ordered by precedence; the detail says what to do. */
export type LeaseFault = { readonly code: 'not-a-lease' | 'newer-lease' | 'bad-signature'; readonly detail: string };

export const METER = /^[A-Za-z0-9._-]{1,48}$/;
/** Meters keep their count in 16 bits. */
export const COUNT_LIMIT = 65_535;
export const STARTING_CODE_LIMIT = 999_999_999;

const PREFIX = 'CL1:';
const VERSION = 1;
const DOMAIN = new TextEncoder().encode('chautari: the lease of a counter\n');
const KEY_BYTES = 16;
/** Far more than the longest lease has. */
const TEXT_LIMIT = 1_024;
const EXTENDED = 1;
const RESTRICTED = 2;

const signedBytes = (body: Uint8Array): Uint8Array => new ByteWriter(DOMAIN.length + body.length).bytes(DOMAIN).bytes(body).finish();

export function encodeLease(lease: Lease, centre: Signer): string {
  const body = new ByteWriter()
    .byte(VERSION)
    .unsigned(lease.number)
    .text(lease.gateway)
    .hex(lease.epoch)
    .text(lease.meter)
    .unsigned(lease.from)
    .unsigned(lease.to)
    .hex(lease.key)
    .unsigned(lease.startingCode)
    .byte((lease.extended ? EXTENDED : 0) | (lease.restricted ? RESTRICTED : 0))
    .byte(TOKEN_MODES.indexOf(lease.mode))
    .byte(METER_UNITS.indexOf(lease.unit))
    .unsigned(lease.price)
    .text(lease.currency)
    .unsigned(lease.issuedAt)
    .finish();
  return (
    PREFIX +
    toBase32(
      new ByteWriter()
        .bytes(body)
        .bytes(centre.sign(signedBytes(body)))
        .finish(),
    )
  );
}

const notALease = (detail: string): Result<never, LeaseFault> => err({ code: 'not-a-lease', detail });

/** What head office signed; nothing is believed of a text before its signature was. Never throws. */
export function openLease(typed: string, centreKey: Uint8Array): Result<Lease, LeaseFault> {
  const text = typed.slice(0, TEXT_LIMIT + 1).replace(/\s/g, '');
  if (text.slice(0, PREFIX.length).toUpperCase() !== PREFIX) return notALease(`a lease begins with ${PREFIX}; copy or scan all of it`);
  const bytes = text.length > TEXT_LIMIT ? undefined : fromBase32(text.slice(PREFIX.length));
  if (bytes === undefined || bytes.length <= SIGNATURE_BYTES)
    return notALease('this lease is cut short or mistyped; copy or scan it again');
  const body = bodyOf(bytes);
  if (!verify(centreKey, signedBytes(body), signatureOf(bytes))) {
    return err({
      code: 'bad-signature',
      detail: 'this lease is damaged, or it is not from the head office of this box; copy or scan it again, or ask for one from there',
    });
  }
  if (body[0] !== VERSION) return err({ code: 'newer-lease', detail: 'this lease is of a newer release; update this box' });
  return leaseOf(new ByteReader(body.subarray(1)));
}

function leaseOf(reader: ByteReader): Result<Lease, LeaseFault> {
  const number = reader.unsigned();
  const gateway = parseGatewayId(reader.text(31));
  const epoch = parseEpoch(reader.hex(EPOCH_BYTES));
  const meter = reader.text(48);
  const from = reader.unsigned();
  const to = reader.unsigned();
  const key = reader.hex(KEY_BYTES);
  const startingCode = reader.unsigned();
  const digits = reader.byte();
  const mode = TOKEN_MODES[reader.byte()];
  const unit = METER_UNITS[reader.byte()];
  const price = reader.unsigned();
  const currency = reader.text(3);
  const issuedAt = reader.unsigned();
  const isSound =
    reader.complete &&
    METER.test(meter) &&
    from >= 1 &&
    from < to &&
    to <= COUNT_LIMIT &&
    startingCode <= STARTING_CODE_LIMIT &&
    digits <= (EXTENDED | RESTRICTED) &&
    price > 0 &&
    /^[A-Z]{3}$/.test(currency);
  if (!isSound || !gateway.ok || !epoch.ok || mode === undefined || unit === undefined) {
    return notALease('head office signed this lease, but it does not read as one; tell head office');
  }
  return ok({
    number,
    gateway: gateway.value,
    epoch: epoch.value,
    meter,
    from,
    to,
    key,
    startingCode,
    extended: (digits & EXTENDED) !== 0,
    restricted: (digits & RESTRICTED) !== 0,
    mode,
    unit,
    price,
    currency,
    issuedAt,
  });
}
