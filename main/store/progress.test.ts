import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { orderWord, ProgressReader, ProgressTeller, progressWords } from './progress.ts';

it('tells runs, reads and orders', () => {
  const words = progressWords();
  let at = 0;
  const teller = new ProgressTeller(words, () => at);
  const reader = new ProgressReader(words);
  expect(reader.look()).toMatchObject({ isInCell: false, isReading: false });
  teller.begins(2 ** 40 + 5);
  const inside = teller.inCell(() => {
    const read = teller.inRead(() => {
      at += 20;
      return reader.look();
    });
    expect(read).toMatchObject({ isInCell: true, isReading: true, order: orderWord(2 ** 40 + 5) });
    teller.inRead(() => {
      at += 0.5;
    });
    return reader.look();
  });
  // A short read is the cell's own time.
  expect(inside).toMatchObject({ isInCell: true, isReading: false, readMicroseconds: 20_000 });
  expect(reader.look().isInCell).toBe(false);
  expect(teller.inCell(() => reader.look().turn)).not.toBe(inside.turn);
  expect([true, false].map((isSlow) => teller.inCell(() => reader.look().isSlow, isSlow))).toEqual([true, false]);
});

it('a run that throws is left', () => {
  const words = progressWords();
  const teller = new ProgressTeller(words, () => 0);
  const broken = (): never => {
    throw new Error('broken');
  };
  expect(() => teller.inCell(() => teller.inRead(broken))).toThrow('broken');
  expect(new ProgressReader(words).look()).toMatchObject({ isInCell: false, isReading: false });
});

it('only the run that goes on can be condemned', () => {
  const words = progressWords();
  const teller = new ProgressTeller(words, () => 0);
  const reader = new ProgressReader(words);
  const turn = teller.inCell(() => reader.look().turn);
  expect(reader.condemn(turn)).toBe(false);
});

it('a thread whose run is condemned in its last moment never goes on', async () => {
  const words = progressWords();
  const source = `
    import { parentPort, workerData } from 'node:worker_threads';
    import { ProgressTeller } from ${JSON.stringify(new URL('./progress.ts', import.meta.url).href)};
    const teller = new ProgressTeller(workerData.words, () => 0);
    const gate = new Int32Array(workerData.gate);
    teller.inCell(() => { parentPort.postMessage('inside'); Atomics.wait(gate, 0, 0); });
    parentPort.postMessage('committed');
  `;
  const gate = new SharedArrayBuffer(4);
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), { workerData: { words, gate } });
  const heard: unknown[] = [];
  worker.on('message', (message) => heard.push(message));
  await once(worker, 'message');
  const reader = new ProgressReader(words);
  expect(reader.condemn(reader.look().turn)).toBe(true);
  // The cell comes back now; the thread must wait where it is until it is ended, and wait again whoever wakes it.
  Atomics.store(new Int32Array(gate), 0, 1);
  Atomics.notify(new Int32Array(gate), 0);
  while (Atomics.notify(new Int32Array(words), 0) === 0) await new Promise((resolve) => setImmediate(resolve));
  await worker.terminate();
  expect(heard).toEqual(['inside']);
});
