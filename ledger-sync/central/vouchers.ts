/**
 * Enrolment vouchers: made in the office for one gateway and site, good for a week and for one key. The secret is kept, because a lost
 * answer is asked for again; it is shown once.
 */
import { type GatewayId, parseGatewayId } from '../ledger/ids.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { fingerprint } from '../protocol/ed25519.ts';
import { type Enrol, type Enrolled, encodeEnrolled, encodeUnknownVoucher, openEnrol } from '../protocol/enrol.ts';
import { isReservedGateway } from '../protocol/topics.ts';
import { formatVoucher, makeVoucher, VOUCHER_RANDOM_BYTES } from '../protocol/voucher.ts';
import type { Journal, Tables, VoucherRow, VoucherUse } from './tables.ts';

export const VOUCHER_LIFE_MS = 7 * 24 * 3_600_000;

export type VoucherFault = { readonly code: 'bad-gateway' | 'no-free-id'; readonly detail: string };
export type MadeVoucher = { readonly row: VoucherRow; readonly code: string };

export async function addVoucher(
  tables: Tables,
  wanted: { readonly gateway: string; readonly site: string },
  random: (count: number) => Uint8Array,
  nowMs: number,
  lifeMs: number = VOUCHER_LIFE_MS,
): Promise<Result<MadeVoucher, VoucherFault>> {
  const gateway = parseGatewayId(wanted.gateway);
  if (!gateway.ok || isReservedGateway(wanted.gateway)) {
    return err({
      code: 'bad-gateway',
      detail: `"${wanted.gateway.slice(0, 40)}" cannot name a gateway: ${gateway.ok ? 'it looks like a voucher' : gateway.error.rule}.`,
    });
  }
  // A voucher's id has four digits: one that is taken is drawn again.
  for (let attempt = 0; attempt < 64; attempt++) {
    const made = makeVoucher(random(VOUCHER_RANDOM_BYTES));
    if ((await tables.voucher(made.id)) !== undefined) continue;
    const row: VoucherRow = {
      id: made.id,
      secret: made.secret,
      gateway: gateway.value,
      site: wanted.site.trim(),
      createdAt: nowMs,
      expiresAt: nowMs + lifeMs,
      used: undefined,
    };
    await tables.addVoucher(row);
    return ok({ row, code: formatVoucher(made) });
  }
  return err({ code: 'no-free-id', detail: 'No voucher id was free; try again.' });
}

export const voucherState = (row: VoucherRow, nowMs: number): 'open' | 'used' | 'expired' =>
  row.used !== undefined ? 'used' : row.expiresAt <= nowMs ? 'expired' : 'open';

export type EnrolAnswer = {
  readonly bytes: Uint8Array | undefined;
  readonly enrolled: Journal | undefined;
  readonly gateway: GatewayId | undefined;
  readonly refusal: { readonly reason: string; readonly keyFingerprint?: string } | undefined;
};

/** ENROL as it came on a voucher's topic. Forged ones get no answer at all. */
export async function answerEnrol(
  tables: Tables,
  voucherId: string,
  bytes: Uint8Array,
  centreKey: Uint8Array,
  nowMs: number,
): Promise<EnrolAnswer> {
  const row = await tables.voucher(voucherId);
  const opened = openEnrol(bytes, (id) => (id === voucherId ? row?.secret : undefined));
  const refused = (reason: string, answer?: Uint8Array, key?: Uint8Array): EnrolAnswer => ({
    bytes: answer,
    enrolled: undefined,
    gateway: row?.gateway,
    refusal: key === undefined ? { reason } : { reason, keyFingerprint: fingerprint(key) },
  });
  if (!opened.ok) {
    if (row !== undefined) return refused(`enrol: ${opened.error.code}`);
    const key = claimedKey(bytes);
    return refused('enrol: unknown voucher', key === undefined ? undefined : encodeUnknownVoucher(voucherId, key));
  }
  if (row === undefined) return refused('enrol: unknown voucher');
  const { publicKey, epoch }: Enrol = opened.value;
  const use = await tables.useVoucher({ voucher: voucherId, publicKey, epoch, at: nowMs });
  const answer = (enrolled: Enrolled) => encodeEnrolled({ id: row.id, secret: row.secret }, publicKey, enrolled);
  if (use.status === 'enrolled') {
    const { gateway } = use.journal.name;
    const accepted = answer({ status: 'enrolled', gateway, site: use.journal.site, centreKey });
    return { bytes: accepted, enrolled: use.journal, gateway, refusal: undefined };
  }
  return refused(`enrol: voucher ${use.status}`, answer({ status: 'refused', reason: reasonOf(use) }), publicKey);
}

function reasonOf(use: Exclude<VoucherUse, { status: 'enrolled' }>): 'unknown' | 'used' | 'expired' {
  return use.status === 'unknown' || use.status === 'expired' ? use.status : 'used';
}

/** The key that an ENROL names, unproved: the answer "unknown voucher" is addressed to it and proves nothing either. */
function claimedKey(bytes: Uint8Array): Uint8Array | undefined {
  const start = 1 + 1 + 4;
  return bytes.length >= start + 32 && bytes[1] === 4 ? bytes.slice(start, start + 32) : undefined;
}
