// Runs recorded requests through jco's output of a cell, wherever JavaScript runs: Node, a browser, Bun, Deno. It imports nothing, so that
// it can be handed to any of them as it is. What a cell asks for is answered from the recording; what was not recorded is a difference.

/** Values that JSON has no word for, in JSON: a bigint, bytes, nothing. */
export function toPlain(value) {
  if (typeof value === 'bigint') return { $number: String(value) };
  if (value === undefined) return { $none: true };
  if (value instanceof Uint8Array) return { $bytes: Array.from(value, (byte) => byte.toString(16).padStart(2, '0')).join('') };
  if (Array.isArray(value)) return value.map(toPlain);
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.keys(value).toSorted();
  return Object.fromEntries(sorted.map((name) => [name, toPlain(value[name])]));
}

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

export function fromPlain(value) {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value !== 'object' || value === null) return value;
  if ('$number' in value) return BigInt(value.$number);
  if ('$bytes' in value) return bytesOf(value.$bytes);
  if ('$none' in value) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, fromPlain(inner)]));
}

/** The one limit of the host that a request may come to by its own text. */
const KEY_BYTES_MAX = 128;

const memberName = (name) => name.replace(/-([a-z0-9])/g, (_match, letter) => letter.toUpperCase());

/** The contract's interfaces over one recorded request; `kept` takes what it writes. */
function interfacesOf({ reads, kinds }, kept) {
  const accounts = new Map(reads.accounts.map((account) => [account.id, account]));
  const refundable = new Map(reads.refundable.map(({ id, amount }) => [id, amount]));
  const state = new Map(reads.state.map(({ key, value }) => [key, value === null ? undefined : bytesOf(value)]));
  const recorded = (value, what) => {
    if (value === undefined) throw new Error(`it asks for ${what}, which the recording has not`);
    return value;
  };
  // An account of a kind that is not granted is never looked for.
  const seen = (id) => (accounts.has(id) || kinds.includes(id.split(':')[0]) ? recorded(accounts.get(id), id) : { found: null });
  const checkKey = (key) => {
    const bytes = new TextEncoder().encode(key).length;
    if (bytes < 1 || bytes > KEY_BYTES_MAX) throw new Error(`a key of ${bytes} bytes`);
  };
  const write = (key, value) => {
    checkKey(key);
    state.set(key, value);
    kept.state.set(key, value);
  };
  return {
    'chautari:cell/accounts': {
      find: (id) => {
        const { found } = seen(id);
        return found === null ? undefined : { id, ...found, limit: BigInt(found.limit) };
      },
      available: (id) => {
        const account = seen(id);
        return account.found === null ? 0n : BigInt(recorded(account.available, `what is available of ${id}`));
      },
      refundable: (id) => BigInt(recorded(refundable.get(id), `what is refundable of ${id}`)),
    },
    'chautari:cell/state': {
      get: (key) => {
        checkKey(key);
        return state.has(key) ? state.get(key) : recorded(undefined, `the state ${key}`);
      },
      set: (key, value) => write(key, value.slice()),
      delete: (key) => write(key, undefined),
    },
    'chautari:cell/outbox': {
      enqueueSync: (key, payload) => {
        checkKey(key);
        kept.outbox.set(key, payload.slice());
      },
    },
  };
}

/** The answer as a line of text: two are the same where their lines are. */
export function answerLine(answer, state, outbox) {
  return JSON.stringify(toPlain({ answer, state: [...state], outbox: [...outbox] }));
}

function payloadOf(thrown) {
  if (typeof thrown === 'string' || (typeof thrown === 'object' && thrown !== null && 'tag' in thrown)) return { tag: 'err', val: thrown };
  return thrown instanceof Error && 'payload' in thrown ? { tag: 'err', val: thrown.payload } : { tag: 'trap', val: String(thrown) };
}

/** One line a request. `wasiOf` makes the WASI of one request, for cells that import any. */
export function runRecorded(instantiate, moduleOf, requests, wasiOf = () => ({})) {
  return requests.map((request) => {
    const kept = { state: new Map(), outbox: new Map() };
    let answer;
    try {
      const cell = instantiate(moduleOf, { ...wasiOf(request), ...interfacesOf(request, kept) });
      const value = cell[memberName(request.call)](...fromPlain(request.arguments));
      answer = { tag: 'ok', val: value };
    } catch (thrown) {
      answer = payloadOf(thrown);
    }
    return answerLine(answer, kept.state, kept.outbox);
  });
}
