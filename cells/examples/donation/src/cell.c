/*
 * A donation from a wallet to a cause (a merchant account that head office opened for it): what a guthi's box at the door of a temple
 * does. A giver may give at most GIFT_MAX a day, so that a slip of the finger costs no month's money; the day's sum stands in the giver's
 * partition. Each gift tells head office the giver's sum of the day for that cause, beside the money.
 */
#include <chautari/payment.h>

#define GIFT_MAX UINT64_C(1000000) /* NPR 10,000.00 */
#define DAY_MS UINT64_C(86400000)
#define KATHMANDU_MS UINT64_C(20700000) /* 5 h 45 min: the day turns at Nepal's midnight */
#define SUM_KEY cell_text("today")

/* What the state holds: the day since 1970 and the sum given on it, in minor units; both little end first. */
struct today {
  uint64_t day;
  uint64_t given;
};

static struct today load_today(uint64_t day) {
  cell_option_list_u8_t kept = cell_state_get(SUM_KEY);
  struct today today = {.day = day, .given = 0};
  if (kept.some && kept.value.count == sizeof today) {
    struct today found;
    memcpy(&found, kept.value.at, sizeof found);
    if (found.day == day) today = found;
  }
  return today;
}

static void keep(struct today today, cell_string_t cause) {
  cell_list_u8_t bytes = {(uint8_t *)&today, sizeof today};
  cell_state_set(SUM_KEY, bytes);
  cell_string_t text = cell_decimal(today.given);
  cell_outbox_enqueue_sync(CELL_JOIN(cell_text("donation."), cause), (cell_list_u8_t){(uint8_t *)text.at, text.bytes});
}

static const cell_decline_t *check(const cell_payment_t *payment, struct today today) {
  const cell_decline_t *fault = cell_check_amount(payment);
  if (fault == NULL) fault = cell_check_account(payment, payment->account, cell_text("wallet"), cell_text("wallet"));
  if (fault == NULL) fault = cell_check_account(payment, payment->counterparty, cell_text("merchant"), cell_text("cause"));
  if (fault != NULL) return fault;
  uint64_t left = today.given < GIFT_MAX ? GIFT_MAX - today.given : 0;
  if (payment->amount > left) {
    return cell_not_allowed(CELL_JOIN(cell_text("a giver may give "), cell_decimal(GIFT_MAX), cell_text(" a day; today "),
                                      cell_decimal(left), cell_text(" is left")));
  }
  return cell_check_available(payment, payment->account);
}

cell_result_approval_decline_t cell_decide(const cell_payment_t *payment) {
  if (!cell_equal(payment->action, cell_text("give"))) {
    return cell_declined(cell_invalid(CELL_JOIN(cell_text("donation cannot "), payment->action)));
  }
  struct today today = load_today((payment->at + KATHMANDU_MS) / DAY_MS);
  const cell_decline_t *fault = check(payment, today);
  if (fault != NULL) return cell_declined(fault);

  int64_t moved = (int64_t)payment->amount;
  today.given += payment->amount;
  keep(today, payment->counterparty);
  cell_approval_t approval = {0};
  cell_post(&approval, payment->account, moved);
  cell_post(&approval, payment->counterparty, -moved);
  cell_line(&approval, cell_text("account"), payment->account);
  cell_line(&approval, cell_text("amount"), cell_decimal(payment->amount));
  cell_line(&approval, cell_text("currency"), payment->currency);
  cell_line(&approval, cell_text("paid-to"), payment->counterparty);
  cell_line(&approval, cell_text("given-today"), cell_decimal(today.given));
  return cell_approved(approval);
}
