/**
 * A trackside sensor against the schedule of its place. Readings of the sensor, by kind:
 *   `train`  a train's number, read from its transponder as it passes
 *   `speed`  its speed in tenths of km/h
 *   `watch`  nothing passed (any value): is a train overdue?
 * Readings that set the schedule; the gateway takes a kind that begins with `set.` from a person with the right `admin` alone:
 *   `set.due.<number>`  the train is due at this time, in milliseconds since 1970     `set.drop.<number>`  it does not come (any value)
 *   `set.early`, `set.late`, `set.overdue`  tolerances in seconds                      `set.speed-limit`   tenths of km/h, 0 for none
 * Commands and their arguments: `clear` 0, `hold` milliseconds to wait, `yield` milliseconds that the train is late, `stop` the train's
 * number, `slow` the speed limit, `search` the number of the train that did not come, `set` what was set.
 */

import { EXPECTED, MISSED, PASSED, Schedule } from './schedule';
import { Decision, Reading, Result } from './sdk/bindings';

const MS: u64 = 1000;
const NUMBER_MAX: i64 = 999_999;
const SECONDS_MAX: i64 = 86_400;
/** Tenths of km/h. */
const SPEED_MAX: i64 = 10_000;

type Answer = Result<Decision, string>;

function refuse(text: string): Answer {
  return Result.err<Decision, string>(text);
}

function tell(anomaly: string | null, command: string, argument: i64): Answer {
  return Result.ok<Decision, string>(new Decision(anomaly, command, argument));
}

export function decideReading(reading: Reading): Answer {
  if (reading.kind === 'train') return passage(reading);
  if (reading.kind === 'speed') return speed(reading);
  if (reading.kind === 'watch') return watch(reading);
  if (reading.kind.startsWith('set.')) return change(reading);
  return refuse('the kind ' + reading.kind + ' is not known: send train, speed, watch or set.*');
}

function passage(reading: Reading): Answer {
  if (reading.value < 1 || reading.value > NUMBER_MAX) return refuse('a train has a number from 1 to ' + NUMBER_MAX.toString());
  const schedule = new Schedule();
  const row = schedule.find(<u32>reading.value);
  if (row < 0) return tell('wrong-track', 'stop', reading.value);
  if (schedule.fate(row) === PASSED) return tell('passed-twice', 'stop', reading.value);
  const dueAt = schedule.dueAt(row);
  if (reading.at + schedule.earlySeconds * MS < dueAt) {
    // It is held before this place and passes again, then in time.
    return tell('too-early', 'hold', <i64>(dueAt - reading.at));
  }
  schedule.setFate(row, PASSED);
  schedule.keep();
  if (reading.at > dueAt + schedule.lateSeconds * MS) return tell('too-late', 'yield', <i64>(reading.at - dueAt));
  return tell(null, 'clear', 0);
}

function speed(reading: Reading): Answer {
  if (reading.value < 0 || reading.value > SPEED_MAX) return refuse('a speed is from 0 to ' + SPEED_MAX.toString() + ' tenths of km/h');
  const limit = new Schedule().speedLimit;
  if (limit > 0 && reading.value > <i64>limit) return tell('too-fast', 'slow', <i64>limit);
  return tell(null, 'clear', 0);
}

/** The train that is overdue longest, each told of once. */
function watch(reading: Reading): Answer {
  const schedule = new Schedule();
  let found = -1;
  for (let row = 0; row < schedule.trains; row++) {
    const isOverdue = schedule.fate(row) === EXPECTED && schedule.dueAt(row) + schedule.overdueSeconds * MS < reading.at;
    if (isOverdue && (found < 0 || schedule.dueAt(row) < schedule.dueAt(found))) found = row;
  }
  if (found < 0) return tell(null, 'clear', 0);
  schedule.setFate(found, MISSED);
  schedule.keep();
  return tell('missing', 'search', <i64>schedule.train(found));
}

/** The number behind the last point of a kind; 0 where it is none. */
function numberIn(kind: string, from: i32): u32 {
  if (kind.length <= from || kind.length > from + 6) return 0;
  let number: u32 = 0;
  for (let index = from; index < kind.length; index++) {
    const digit = kind.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return 0;
    number = number * 10 + <u32>digit;
  }
  return number;
}

function change(reading: Reading): Answer {
  const kind = reading.kind;
  const value = reading.value;
  const schedule = new Schedule();
  if (kind.startsWith('set.due.')) {
    const train = numberIn(kind, 8);
    if (train === 0) return refuse('name the train: set.due.4711');
    if (value < 0) return refuse('a due time is milliseconds since 1970');
    if (!schedule.expect(train, <u64>value)) return refuse('the schedule of this place is full: drop trains that have passed');
  } else if (kind.startsWith('set.drop.')) {
    const train = numberIn(kind, 9);
    if (train === 0) return refuse('name the train: set.drop.4711');
    schedule.forget(train);
  } else if (kind === 'set.speed-limit') {
    if (value < 0 || value > SPEED_MAX) return refuse('a speed limit is from 0 to ' + SPEED_MAX.toString() + ' tenths of km/h');
    schedule.speedLimit = <u32>value;
  } else {
    if (value < 0 || value > SECONDS_MAX) return refuse('a tolerance is from 0 to ' + SECONDS_MAX.toString() + ' seconds');
    if (kind === 'set.early') schedule.earlySeconds = <u32>value;
    else if (kind === 'set.late') schedule.lateSeconds = <u32>value;
    else if (kind === 'set.overdue') schedule.overdueSeconds = <u32>value;
    else
      return refuse('the kind ' + kind + ' sets nothing: send set.due.*, set.drop.*, set.speed-limit, set.early, set.late or set.overdue');
  }
  schedule.keep();
  return tell(null, 'set', value);
}
