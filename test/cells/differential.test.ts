/** Every built cell against jco's own output, over generated requests: see differential.ts for what may differ. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { loadPrepared } from '../../main/cell-host/load-cells.ts';
import { Judge } from './differential.ts';

const FAST_REQUESTS = 400;
const SLOW_REQUESTS = 24;

let folder: string;
beforeAll(async () => {
  folder = await ensureBuilt();
}, 240_000);

describe('the program that a gateway runs', () => {
  it('answers as jco’s output does, for every built cell', { timeout: 240_000 }, () => {
    const cells = loadPrepared(folder);
    expect(cells.length).toBeGreaterThan(0);
    for (const prepared of cells) {
      const { name, version } = prepared.manifest;
      const judge = new Judge(prepared, readFileSync(join(folder, name, version, 'cell.wasm')));
      const counts: Record<string, number> = {};
      const requests = judge.requests(20_261_123, prepared.manifest.class === 'fast' ? FAST_REQUESTS : SLOW_REQUESTS);
      for (const request of requests) {
        const outcome = judge.judge(request);
        counts[outcome] = (counts[outcome] ?? 0) + 1;
      }
      process.stdout.write(`judge: ${name} ${version}: ${requests.length} requests, ${JSON.stringify(counts)}\n`);
      expect(counts.limited ?? 0, `${name} met a limit that jco has not`).toBe(0);
    }
  });
});
