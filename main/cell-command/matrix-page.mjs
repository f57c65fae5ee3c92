// The browser's side of `chautari cell matrix`: loads jco's output, runs the recording, posts the answers.
import { runRecorded } from './matrix-runner.mjs';

// What only lies beside this page once it is laid out.
const CELL = './cell.mjs';
const SHIM = 'shim';

const refused = () => {
  throw new Error('no time passes for a cell');
};
const fixed = (at) => ({
  wallClock: {
    now: () => ({ seconds: at / 1000n, nanoseconds: Number(at % 1000n) * 1_000_000 }),
    resolution: () => ({ seconds: 0n, nanoseconds: 1_000_000 }),
  },
  monotonicClock: { now: () => at * 1_000_000n, resolution: () => 1_000_000n, subscribeInstant: refused, subscribeDuration: refused },
});

async function answers() {
  const { modules, requests } = await (await fetch('recording.json')).json();
  const compiled = new Map();
  for (const name of modules) compiled.set(name, await WebAssembly.compileStreaming(fetch(name)));
  const { instantiate } = await import(CELL);
  const { WASIShim } = await import(SHIM);
  const wasiOf = ({ at }) => new WASIShim({ clocks: fixed(BigInt(at)) }).getImportObject();
  return runRecorded(instantiate, (name) => compiled.get(name), requests, wasiOf);
}

const post = (body) => fetch('answers', { method: 'POST', body: JSON.stringify(body) });
try {
  await post({ answers: await answers() });
} catch (error) {
  await post({ fault: String(error?.stack ?? error) });
}
