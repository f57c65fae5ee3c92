/**
 * A sensor's schedule as it lies in the state, under one key: a head of four numbers, then a row for each train, in no order.
 * Head (16 bytes): early and late tolerance in seconds, speed limit in tenths of km/h (0: none), how far a train may be overdue in seconds.
 * Row (16 bytes): due time in milliseconds (u64), train number (u32), what became of it (u32). Little-endian.
 */
import { state } from './sdk/bindings';

const KEY = 'schedule';
const HEAD_BYTES = 16;
const ROW_BYTES = 16;
/** What fits into one value of the state, which holds 4 KiB. */
export const TRAINS_MAX = 200;

export const EXPECTED: u32 = 0;
export const PASSED: u32 = 1;
export const MISSED: u32 = 2;

export class Schedule {
  private bytes: Uint8Array;

  constructor() {
    const kept = state.get(KEY);
    const isKept = kept !== null && kept.length >= HEAD_BYTES && (kept.length - HEAD_BYTES) % ROW_BYTES === 0;
    this.bytes = isKept ? kept! : new Uint8Array(HEAD_BYTES);
    if (!isKept) {
      this.earlySeconds = 60;
      this.lateSeconds = 180;
      this.overdueSeconds = 600;
    }
  }

  get earlySeconds(): u32 {
    return load<u32>(this.bytes.dataStart);
  }
  set earlySeconds(value: u32) {
    store<u32>(this.bytes.dataStart, value);
  }
  get lateSeconds(): u32 {
    return load<u32>(this.bytes.dataStart, 4);
  }
  set lateSeconds(value: u32) {
    store<u32>(this.bytes.dataStart, value, 4);
  }
  get speedLimit(): u32 {
    return load<u32>(this.bytes.dataStart, 8);
  }
  set speedLimit(value: u32) {
    store<u32>(this.bytes.dataStart, value, 8);
  }
  get overdueSeconds(): u32 {
    return load<u32>(this.bytes.dataStart, 12);
  }
  set overdueSeconds(value: u32) {
    store<u32>(this.bytes.dataStart, value, 12);
  }

  get trains(): i32 {
    return (this.bytes.length - HEAD_BYTES) / ROW_BYTES;
  }
  dueAt(row: i32): u64 {
    return load<u64>(this.place(row));
  }
  train(row: i32): u32 {
    return load<u32>(this.place(row), 8);
  }
  fate(row: i32): u32 {
    return load<u32>(this.place(row), 12);
  }
  setFate(row: i32, fate: u32): void {
    store<u32>(this.place(row), fate, 12);
  }

  private place(row: i32): usize {
    return this.bytes.dataStart + HEAD_BYTES + row * ROW_BYTES;
  }

  /** The row of a train, -1 without one. */
  find(train: u32): i32 {
    for (let row = 0; row < this.trains; row++) if (this.train(row) === train) return row;
    return -1;
  }

  /** False where the schedule is full. */
  expect(train: u32, dueAt: u64): bool {
    let row = this.find(train);
    if (row < 0) {
      if (this.trains >= TRAINS_MAX) return false;
      row = this.trains;
      this.resize(row + 1);
    }
    store<u64>(this.place(row), dueAt);
    store<u32>(this.place(row), train, 8);
    store<u32>(this.place(row), EXPECTED, 12);
    return true;
  }

  forget(train: u32): void {
    const row = this.find(train);
    if (row < 0) return;
    const last = this.trains - 1;
    memory.copy(this.place(row), this.place(last), ROW_BYTES);
    this.resize(last);
  }

  private resize(rows: i32): void {
    const next = new Uint8Array(HEAD_BYTES + rows * ROW_BYTES);
    memory.copy(next.dataStart, this.bytes.dataStart, min(next.length, this.bytes.length));
    this.bytes = next;
  }

  keep(): void {
    state.set(KEY, this.bytes);
  }
}
