//! CELL_NAME: a wallet pays a merchant. Change the rules below to those of your method, and cases.json with them.

use crate::bindings::{accounts, Approval, Decline, Field, Payment, Posting};

fn check_account(payment: &Payment, id: &str, kind: &str) -> Result<(), Decline> {
    if !id.starts_with(&format!("{}:", kind)) {
        return Err(Decline::Invalid(format!("name the {}", kind)));
    }
    let found = accounts::find(id).ok_or_else(|| Decline::UnknownAccount(id.to_string()))?;
    if !found.open {
        return Err(Decline::NotAllowed(format!("the {} {} is closed", kind, id)));
    }
    if found.currency != payment.currency {
        let text = format!("the {} {} is kept in {}, not in {}", kind, id, found.currency, payment.currency);
        return Err(Decline::Invalid(text));
    }
    Ok(())
}

fn line(name: &str, value: impl ToString) -> Field {
    Field { name: name.to_string(), value: value.to_string() }
}

pub fn decide(payment: Payment) -> Result<Approval, Decline> {
    if payment.action != "pay" {
        return Err(Decline::Invalid(format!("CELL_NAME cannot {}", payment.action)));
    }
    let moved = i64::try_from(payment.amount)
        .map_err(|_| Decline::Invalid("the amount does not fit into 64 bits: ask for less".to_string()))?;
    check_account(&payment, &payment.account, "wallet")?;
    check_account(&payment, &payment.counterparty, "merchant")?;
    let available = accounts::available(&payment.account);
    if available < moved {
        return Err(Decline::NotEnough(available));
    }

    Ok(Approval {
        // Debit above 0, credit below: the wallet owes less to its owner, the merchant has more.
        postings: vec![
            Posting { account: payment.account.clone(), amount: moved },
            Posting { account: payment.counterparty.clone(), amount: -moved },
        ],
        receipt: vec![
            line("account", &payment.account),
            line("amount", moved),
            line("currency", &payment.currency),
            line("paid-to", &payment.counterparty),
            line("balance-here", available - moved),
        ],
    })
}
