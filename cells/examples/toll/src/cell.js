/**
 * A bridge's toll, in plain JavaScript: the wallet pays exactly what the tariff asks of the vehicle in the field `vehicle`, to the
 * committee's merchant account. Whoever was charged within the last ten minutes for the same vehicle is not charged again: a queue
 * at the barrier makes people touch twice. Numbers in this engine are exact up to 2^53; a toll never comes near.
 */
import accounts from 'chautari:cell/accounts@0.1.0';
import state from 'chautari:cell/state@0.1.0';
import { tariff } from './tariff.js';

const AGAIN_MS = 10 * 60 * 1000;

const decline = (tag, val) => {
  throw { tag, val };
};

const checkAccount = (payment, id, kind) => {
  if (!id.startsWith(`${kind}:`)) decline('invalid', id === '' ? `name a ${kind}` : `${id} is not a ${kind}`);
  const found = accounts.find(id);
  // An option without a value is null to this engine.
  if (found === null || found === undefined) return decline('unknown-account', id);
  if (!found.open) decline('not-allowed', `${id} is closed`);
  if (found.currency !== payment.currency) decline('invalid', `${id} is kept in ${found.currency}, not in ${payment.currency}`);
};

/** The last crossing of a vehicle, as the state has it: `<payment id> <milliseconds>`. */
const lastCrossing = (vehicle) => {
  const bytes = state.get(`last.${vehicle}`);
  if (bytes === null || bytes === undefined) return undefined;
  const [id, at] = String.fromCharCode(...bytes).split(' ');
  return { id, at: Number(at) };
};

const remember = (vehicle, payment) => {
  const text = `${payment.id} ${payment.at}`;
  state.set(
    `last.${vehicle}`,
    Uint8Array.from(text, (letter) => letter.charCodeAt(0)),
  );
};

export function decide(payment) {
  if (payment.action !== 'cross') decline('invalid', `toll cannot ${payment.action}`);
  const vehicle = payment.fields.find(({ name }) => name === 'vehicle')?.value ?? '';
  const due = tariff.get(vehicle);
  if (due === undefined) return decline('invalid', `name the vehicle: ${[...tariff.keys()].join(', ')}`);
  if (payment.amount !== due) decline('invalid', `a ${vehicle} pays ${due}`);
  checkAccount(payment, payment.account, 'wallet');
  checkAccount(payment, payment.counterparty, 'merchant');
  const last = lastCrossing(vehicle);
  if (last !== undefined && payment.at >= last.at && payment.at - last.at < AGAIN_MS) decline('already-done', last.id);
  const available = accounts.available(payment.account);
  if (available < due) decline('not-enough', available);

  remember(vehicle, payment);
  return {
    postings: [
      { account: payment.account, amount: due },
      { account: payment.counterparty, amount: -due },
    ],
    receipt: [
      { name: 'account', value: payment.account },
      { name: 'amount', value: String(due) },
      { name: 'currency', value: payment.currency },
      { name: 'paid-to', value: payment.counterparty },
      { name: 'vehicle', value: vehicle },
    ],
  };
}
