/*
 * What most payment cells in C ask and answer. A check gives the decline, or NULL where all is well, so that a cell reads as a list of
 * its rules.
 */
#ifndef CHAUTARI_PAYMENT_H
#define CHAUTARI_PAYMENT_H
#include <chautari/cell.h>

/* The value of a field of the request; NULL where it is missing. */
const cell_string_t *cell_field_of(const cell_payment_t *payment, cell_string_t name);

const cell_decline_t *cell_invalid(cell_string_t text);
const cell_decline_t *cell_not_allowed(cell_string_t text);
const cell_decline_t *cell_unknown_account(cell_string_t id);
const cell_decline_t *cell_not_enough(int64_t available);

/* The amount must be one that a posting can hold. */
const cell_decline_t *cell_check_amount(const cell_payment_t *payment);
/* The account must be of the kind, known here, open and of the payment's currency; `role` says in the text what it is for. */
const cell_decline_t *cell_check_account(const cell_payment_t *payment, cell_string_t id, cell_string_t kind, cell_string_t role);
/* The account must have the payment's amount available here. */
const cell_decline_t *cell_check_available(const cell_payment_t *payment, cell_string_t id);

/* The answers: begin with `cell_approval_t approval = {0};`. Up to 32 postings and 32 lines; one more traps. */
void cell_post(cell_approval_t *approval, cell_string_t account, int64_t amount);
void cell_line(cell_approval_t *approval, cell_string_t name, cell_string_t value);
cell_result_approval_decline_t cell_approved(cell_approval_t approval);
cell_result_approval_decline_t cell_declined(const cell_decline_t *reason);

#endif
