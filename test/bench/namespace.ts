/**
 * `cell.process`: what a request would pay before its first instruction, were it given a process in namespaces of its own (mounts, names,
 * IPC, network, process ids), as a container gives it: the least that any container can take, without an image or a control group.
 * Beside it a payment decided by a fresh cell, in the same run.
 */
import { spawnSync } from 'node:child_process';
import { fakeFacts, fakePayment } from '../../main/cell-host/fake-facts.ts';
import { loadCells } from '../../main/cell-host/load-cells.ts';
import type { Figure } from './figure.ts';
import { median } from './gateway-process.ts';

const CELLS = new URL('../../dist/cells', import.meta.url).pathname;
const ROUNDS = 200;
const NODE_ROUNDS = 15;
const NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--pid', '--fork'];

export async function namespaceFigures(): Promise<readonly Figure[]> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const inNamespaces = (...command: string[]): boolean => spawnSync('unshare', [...user, ...NAMESPACES, ...command]).status === 0;
  const article = { name: 'cell.process', unit: 'µs', hold: 'printed' };
  if (!inNamespaces('/bin/true')) {
    return [{ ...article, value: Number.NaN, rival: 'no namespaces can be made here', note: 'needs `unshare` and a kernel that lets us' }];
  }
  const host = loadCells(CELLS);
  const facts = fakeFacts();
  const payment = fakePayment({});
  const processes: number[] = [];
  const cells: number[] = [];
  const nodes: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    processes.push(timed(() => inNamespaces('/bin/true')));
    cells.push(timed(() => host.decide('cash', payment, facts)));
  }
  for (let round = 0; round < NODE_ROUNDS; round++) nodes.push(timed(() => inNamespaces(process.execPath, '-e', '0')));
  const value = median(processes);
  const cell = median(cells);
  return [
    {
      ...article,
      value,
      rival: 'µs: fresh cell, decided and checked',
      rivalValue: cell,
      ratio: value / cell,
      note: `an empty native program; an empty Node takes ${(median(nodes) / 1_000).toFixed(0)} ms; the article names 150 ms and more for a container`,
    },
  ];
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1_000;
}
