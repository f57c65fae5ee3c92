/** A short run of every fuzz target, and the seeds that failed once. `node test/fuzz/run.ts --minutes 60` is the long one. */
import { describe, expect, it } from 'vitest';
import { keptSeeds } from './seeds.ts';
import { targets } from './targets.ts';

const SHORT = 300;

describe.each(targets)('fuzz $name', (target) => {
  it('holds for the first seeds', { timeout: 240_000 }, async () => {
    for (let seed = 0; seed < (target.seedsInTests ?? SHORT); seed += 1)
      expect(await target.run(seed), `seed ${seed}`).toEqual(expect.any(String));
  });

  it('holds for the seeds that failed once', async () => {
    for (const seed of keptSeeds(target.name)) expect(await target.run(seed), `seed ${seed}`).toEqual(expect.any(String));
  });
});
