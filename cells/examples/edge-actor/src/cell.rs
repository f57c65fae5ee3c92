//! The actor of the article that this system comes from, on today's component model. There it kept a HashMap in the instance; here an
//! instance lives for one call, so that a thousand devices cost no memory and a power cut costs no reading: what it knows of a device
//! stands in `state`, in the device's own partition, and is committed with the answer. Its two functions are the world's two exports
//! (the article's generator of bindings had other words for them), the map's entry is a key, and the sync buffer is the `outbox`.
//! State and payload are those of the telemetry cell in AssemblyScript, so the two can take each other's place.

use crate::bindings::{outbox, state};

/// What was counted, and how much of it was queued for the centre: 8 bytes each, little end first.
const TOTAL: &str = "total";
const QUEUED: &str = "queued";

fn count(key: &str) -> u64 {
    state::get(key)
        .and_then(|bytes| bytes.try_into().ok())
        .map_or(0, u64::from_le_bytes)
}

/// Adds a reading to the device's total, with no hop to anywhere.
pub fn process_telemetry(device_id: String, metric: u64) -> Result<u64, String> {
    let total = count(TOTAL);
    let raised = total
        .checked_add(metric)
        .ok_or_else(|| format!("overflow: {} has room for {} more; nothing was added", device_id, u64::MAX - total))?;
    if metric > 0 {
        state::set(TOTAL, &raised.to_le_bytes());
    }
    Ok(raised)
}

/// Puts the step since the last time into the outbox, both ends of it, so that a later step may take an earlier one's place.
pub fn queue_reconciliation(device_id: String) -> Result<u32, String> {
    let (total, queued) = (count(TOTAL), count(QUEUED));
    if total == queued {
        return Ok(0);
    }
    let step = [queued.to_le_bytes(), total.to_le_bytes()].concat();
    outbox::enqueue_sync(&device_id, &step);
    state::set(QUEUED, &total.to_le_bytes());
    Ok(step.len() as u32)
}
