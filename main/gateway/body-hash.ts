/**
 * What an id's repeats are compared by (I3): SHA-256 over the parsed members in one fixed order, each preceded by its length, so that no
 * two bodies have one text. Who asked and when are not part of it: a kiosk that asks again does so later, perhaps after pairing anew.
 */
import type { HashHex } from '../../ledger-sync/ledger/entry.ts';
import type { OpenAccount, ReversePayment, SetLimit, TakePayment } from './commands.ts';

const encoder = new TextEncoder();

const member = (value: string | undefined): string => (value === undefined ? '-' : `${value.length}:${value}`);

function fieldsText(fields: Readonly<Record<string, string>>): string {
  const names = Object.keys(fields);
  if (names.length === 0) return '0';
  names.sort();
  let text = String(names.length);
  for (const name of names) text += member(name) + member(fields[name]);
  return text;
}

export const takePaymentHash = (body: TakePayment, hashHex: HashHex): string =>
  hashHex(
    encoder.encode(
      `take-payment${member(body.method)}${member(body.action)}${member(body.account)}${member(body.counterparty)}` +
        `${member(body.amount.toString())}${member(body.currency)}${member(body.refersTo)}${member(body.memo)}${fieldsText(body.fields)}`,
    ),
  );

export const reversePaymentHash = (body: ReversePayment, hashHex: HashHex): string =>
  hashHex(encoder.encode(`reverse-payment${member(body.refersTo)}${member(body.reason)}`));

export const openAccountHash = (body: OpenAccount, hashHex: HashHex): string =>
  hashHex(
    encoder.encode(
      `open-account${member(body.account)}${member(body.currency)}${member(body.opening.toString())}${member(body.name)}` +
        // Ids that were answered before there were limits keep their hash.
        (body.limit === undefined ? '' : member(body.limit.toString())),
    ),
  );

export const setLimitHash = (body: SetLimit, hashHex: HashHex): string =>
  hashHex(encoder.encode(`set-limit${member(body.account)}${member(body.limit.toString())}`));
