/**
 * What the host checks of a request before a cell sees it: that every value fits the contract's type and limits. Pure. The gateway's
 * schemas refuse such requests earlier; this is the border's own guard, so that nothing is cut or wrapped on its way into a cell.
 */
import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import type { CellFault, CellPayment } from './cell.ts';
import { LIMITS } from './limits.ts';

const UNSIGNED_MAX = 2n ** 64n - 1n;

function refuse(detail: string): Result<undefined, CellFault> {
  return err({ code: 'bad-request', detail });
}

export function isSoundText(text: string, charsMax: number): boolean {
  return text.length <= charsMax && text.isWellFormed();
}

export function checkRequest(payment: CellPayment): Result<undefined, CellFault> {
  const { id, action, account, counterparty, refersTo, operator, amount, at, currency, fields } = payment;
  for (const [name, text] of Object.entries({ id, action, account, counterparty, refersTo: refersTo ?? '', operator })) {
    if (!isSoundText(text, LIMITS.textCharsMax)) return refuse(`${name} is longer than ${LIMITS.textCharsMax} characters or broken text`);
  }
  if (id.length === 0) return refuse('id is empty');
  if (!/^[A-Z]{3}$/.test(currency)) return refuse('currency must be three upper-case letters');
  if (amount <= 0n || amount > UNSIGNED_MAX) return refuse('amount must be more than 0 and fit into 64 bits');
  if (at < 0n || at > UNSIGNED_MAX) return refuse('at must be a time since 1970');
  if (fields.length > LIMITS.fieldsMax) return refuse(`there are more than ${LIMITS.fieldsMax} fields`);
  const names = new Set<string>();
  for (const { name, value } of fields) {
    if (!isSoundText(name, LIMITS.textCharsMax) || name.length === 0)
      return refuse('a field has a name that is empty, too long or broken text');
    if (!isSoundText(value, LIMITS.fieldValueCharsMax))
      return refuse(`the field ${name} is longer than ${LIMITS.fieldValueCharsMax} characters`);
    if (names.has(name)) return refuse(`the field ${name} stands twice`);
    names.add(name);
  }
  return ok(undefined);
}
