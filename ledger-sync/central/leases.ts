/** Leases as the office gives them: a range from the tables, signed into the one line that a box takes. */
import { parseGatewayId } from '../ledger/ids.ts';
import { err, ok, type Result } from '../ledger/result.ts';
import { encodeLease, type Lease } from '../protocol/lease.ts';
import type { Signer } from '../protocol/signing.ts';
import { LEASE_LIMITS, type LeaseIssue, type LeaseRow, type MeterRow } from './lease-tables.ts';
import type { Journal, Tables } from './tables.ts';

export type LeaseRequest = {
  readonly gateway: string;
  readonly meter: string;
  readonly count?: number | undefined;
  readonly price?: number | undefined;
  readonly request?: string | undefined;
  readonly takeOver?: string | undefined;
};

/** Ordered by precedence; each detail says what to do. */
export type LeaseFault = {
  readonly code: 'unknown-gateway' | 'fenced' | 'unknown-meter' | 'leased-already' | 'request-conflict' | 'used-up';
  readonly detail: string;
};
export type GivenLease = { readonly lease: LeaseRow; readonly text: string; readonly repeated: boolean };

/** The life of a gateway's journal that was enrolled last. */
async function currentJournal(tables: Tables, gateway: string): Promise<Journal | undefined> {
  const journals = (await tables.journals()).filter(({ name }) => name.gateway === gateway);
  return journals.reduce<Journal | undefined>((last, one) => (last === undefined || one.id > last.id ? one : last), undefined);
}

export async function giveLease(tables: Tables, signer: Signer, wanted: LeaseRequest, at: number): Promise<Result<GivenLease, LeaseFault>> {
  const journal = parseGatewayId(wanted.gateway).ok ? await currentJournal(tables, wanted.gateway) : undefined;
  if (journal === undefined) {
    return err({ code: 'unknown-gateway', detail: `${wanted.gateway} is not enrolled; make a voucher for it first.` });
  }
  const { meter, price, request, takeOver: takenOver } = wanted;
  const count = wanted.count ?? LEASE_LIMITS.countsUnasked;
  const issue = await tables.issueLease({ meter, owner: journal.name, count, price, request, takenOver, at });
  if (issue.status !== 'issued') return err(faultOf(issue, wanted));
  const row = await tables.meter(meter);
  if (row === undefined) throw new Error(`the meter ${meter} has a lease and is gone`);
  return ok({ lease: issue.lease, text: encodeLease(leaseOf(row, issue.lease), signer), repeated: issue.repeated });
}

/** Made anew from what is stored: the same row gives the same text, for signatures are the same each time. */
function leaseOf(meter: MeterRow, { number, gateway, epoch, from, to, price, issuedAt }: LeaseRow): Lease {
  const { key, startingCode, extended, restricted, mode, unit, currency } = meter;
  const terms = { key, startingCode, extended, restricted, mode, unit, price, currency };
  return { ...terms, number, gateway, epoch, meter: meter.meter, from, to, issuedAt };
}

function faultOf(issue: Exclude<LeaseIssue, { status: 'issued' }>, { gateway, meter }: LeaseRequest): LeaseFault {
  switch (issue.status) {
    case 'owned':
      return {
        code: 'leased-already',
        detail: `${meter} is leased to ${issue.by.gateway} (lease ${issue.by.number}, epoch ${issue.by.epoch}). If that journal is lost or gives the meter up, ask again and say why in "takeOver": tokens that it still gives may not be taken by the meter.`,
      };
    case 'request-conflict':
      return { code: 'request-conflict', detail: `This request got lease ${issue.lease.number} for something else; ask with a new name.` };
    case 'unknown-meter':
      return { code: 'unknown-meter', detail: `There is no meter ${meter}; register it first.` };
    case 'unknown-journal':
      return { code: 'unknown-gateway', detail: `${gateway} is not enrolled; make a voucher for it first.` };
    case 'fenced':
      return { code: 'fenced', detail: `${gateway} is fenced: it gets nothing more. Enrol the box anew with a new data folder.` };
    case 'used-up':
      return { code: 'used-up', detail: `The counts of ${meter} are all given. The meter needs a new key and a new name.` };
  }
}
