/** A village that is killed (-9) leaves no process behind: none would keep its folder's locks and meet the next start. */
import { expect, it } from 'vitest';
import type { VillageState } from '../../main/village/schemas.ts';
import { startVillage } from '../support/village.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

it('ends its processes when it is killed', { timeout: 120_000 }, async () => {
  const village = await startVillage(1);
  try {
    const { processes } = (await (await fetch(`${village.url}/village/state`)).json()) as VillageState;
    const pids = processes.map(({ pid }) => pid as number);
    expect(pids).toHaveLength(3);
    village.process.kill('SIGKILL');
    await expect.poll(() => pids.filter(isAlive), { timeout: 30_000 }).toEqual([]);
  } finally {
    village.process.kill('SIGKILL');
    village.remove();
  }
});
