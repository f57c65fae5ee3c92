/* CELL_NAME: a wallet pays a merchant. Change the rules below to those of your method, and cases.json with them. */
#include <chautari/payment.h>

static const cell_decline_t *check(const cell_payment_t *payment) {
  if (!cell_equal(payment->action, cell_text("pay"))) {
    return cell_invalid(CELL_JOIN(cell_text("CELL_NAME cannot "), payment->action));
  }
  const cell_decline_t *fault = cell_check_amount(payment);
  if (fault == NULL) fault = cell_check_account(payment, payment->account, cell_text("wallet"), cell_text("wallet"));
  if (fault == NULL) fault = cell_check_account(payment, payment->counterparty, cell_text("merchant"), cell_text("merchant"));
  if (fault == NULL) fault = cell_check_available(payment, payment->account);
  return fault;
}

cell_result_approval_decline_t cell_decide(const cell_payment_t *payment) {
  const cell_decline_t *fault = check(payment);
  if (fault != NULL) return cell_declined(fault);

  /* Debit above 0, credit below: the wallet owes less to its owner, the merchant has more. */
  int64_t moved = (int64_t)payment->amount;
  cell_approval_t approval = {0};
  cell_post(&approval, payment->account, moved);
  cell_post(&approval, payment->counterparty, -moved);
  cell_line(&approval, cell_text("account"), payment->account);
  cell_line(&approval, cell_text("amount"), cell_decimal(payment->amount));
  cell_line(&approval, cell_text("currency"), payment->currency);
  cell_line(&approval, cell_text("paid-to"), payment->counterparty);
  cell_line(&approval, cell_text("balance-here"), cell_decimal((uint64_t)(cell_accounts_available(payment->account) - moved)));
  return cell_approved(approval);
}
