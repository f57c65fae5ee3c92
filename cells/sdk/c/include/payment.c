/* See chautari/payment.h. */
#include <chautari/payment.h>

#define LINES_MAX 32

const cell_string_t *cell_field_of(const cell_payment_t *payment, cell_string_t name) {
  for (size_t index = 0; index < payment->fields.count; index++) {
    if (cell_equal(payment->fields.at[index].name, name)) return &payment->fields.at[index].value;
  }
  return NULL;
}

static cell_decline_t *decline(uint8_t tag) {
  cell_decline_t *made = cell_allocate(sizeof(cell_decline_t), _Alignof(cell_decline_t));
  made->tag = tag;
  return made;
}

const cell_decline_t *cell_invalid(cell_string_t text) {
  cell_decline_t *made = decline(CELL_DECLINE_INVALID);
  made->as.invalid = text;
  return made;
}

const cell_decline_t *cell_not_allowed(cell_string_t text) {
  cell_decline_t *made = decline(CELL_DECLINE_NOT_ALLOWED);
  made->as.not_allowed = text;
  return made;
}

const cell_decline_t *cell_unknown_account(cell_string_t id) {
  cell_decline_t *made = decline(CELL_DECLINE_UNKNOWN_ACCOUNT);
  made->as.unknown_account = id;
  return made;
}

const cell_decline_t *cell_not_enough(int64_t available) {
  cell_decline_t *made = decline(CELL_DECLINE_NOT_ENOUGH);
  made->as.not_enough = available;
  return made;
}

const cell_decline_t *cell_check_amount(const cell_payment_t *payment) {
  if (payment->amount == 0) return cell_invalid(cell_text("the amount must be more than 0"));
  if (payment->amount > INT64_MAX) return cell_invalid(cell_text("the amount does not fit into 64 bits: ask for less"));
  return NULL;
}

const cell_decline_t *cell_check_account(const cell_payment_t *payment, cell_string_t id, cell_string_t kind, cell_string_t role) {
  if (id.bytes == 0) return cell_invalid(CELL_JOIN(cell_text("the "), role, cell_text(" is missing: name an account")));
  if (!cell_starts_with(id, CELL_JOIN(kind, cell_text(":")))) {
    return cell_invalid(CELL_JOIN(id, cell_text(" is no account of the kind "), kind));
  }
  cell_option_account_t found = cell_accounts_find(id);
  if (!found.some) return cell_unknown_account(id);
  if (!found.value.open) return cell_not_allowed(CELL_JOIN(cell_text("the "), role, cell_text(" "), id, cell_text(" is closed")));
  if (!cell_equal(found.value.currency, payment->currency)) {
    return cell_invalid(CELL_JOIN(cell_text("the "), role, cell_text(" "), id, cell_text(" is kept in "), found.value.currency,
                                  cell_text(", not in "), payment->currency));
  }
  return NULL;
}

const cell_decline_t *cell_check_available(const cell_payment_t *payment, cell_string_t id) {
  int64_t available = cell_accounts_available(id);
  return available < (int64_t)payment->amount ? cell_not_enough(available) : NULL;
}

void cell_post(cell_approval_t *approval, cell_string_t account, int64_t amount) {
  cell_list_posting_t *list = &approval->postings;
  if (list->count == LINES_MAX) __builtin_trap();
  if (list->at == NULL) list->at = cell_allocate(LINES_MAX * sizeof(cell_posting_t), _Alignof(cell_posting_t));
  list->at[list->count++] = (cell_posting_t){.account = account, .amount = amount};
}

void cell_line(cell_approval_t *approval, cell_string_t name, cell_string_t value) {
  cell_list_field_t *list = &approval->receipt;
  if (list->count == LINES_MAX) __builtin_trap();
  if (list->at == NULL) list->at = cell_allocate(LINES_MAX * sizeof(cell_field_t), _Alignof(cell_field_t));
  list->at[list->count++] = (cell_field_t){.name = name, .value = value};
}

cell_result_approval_decline_t cell_approved(cell_approval_t approval) {
  return (cell_result_approval_decline_t){.is_error = false, .value = approval};
}

cell_result_approval_decline_t cell_declined(const cell_decline_t *reason) {
  return (cell_result_approval_decline_t){.is_error = true, .error = *reason};
}
