/**
 * kill -9 of every process in the middle of payments, 200 times and more, over links that drop out: every payment that was answered
 * "approved" is in its journal once and at head office once, and every balance is exact (I1, I3, I8, I9).
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/platform/clock.ts';
import { seededEntropy, systemEntropy } from '../../main/platform/entropy.ts';
import { readPaysim } from '../../main/village/replay/paysim.ts';
import { replay } from '../../main/village/replay/replay.ts';
import type { Report } from '../../main/village/replay/report.ts';
import { seededTrace } from '../../main/village/trace.ts';

const EXCERPT = join(import.meta.dirname, '../fixtures/paysim/excerpt.csv.gz');
const folder = mkdtempSync(join(tmpdir(), 'chautari-kills-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const run = (name: string, seed: number, kills: number, limit: number): Promise<Report> =>
  replay({
    rows: readPaysim(EXCERPT, limit),
    dataDirectory: join(folder, name),
    gateways: 2,
    trace: seededTrace(seededEntropy(seed), 3_600),
    speed: 10,
    kills,
    window: 4,
    seed,
    entropy: seededEntropy(seed),
    worldEntropy: systemEntropy,
    clock: systemClock,
    cores: availableParallelism(),
    progress: { write: () => true },
  });

describe('a village whose processes are killed', () => {
  it('answers for every approved payment after 200 kills', { timeout: 900_000 }, async () => {
    const report = await run('kills', 7, 216, 2_500);
    expect(report.differences).toEqual([]);
    expect(report.exact).toBe(true);
    expect(report.kills.gateways + report.kills.broker + report.kills.central).toBeGreaterThanOrEqual(200);
    expect(report.kills.broker).toBeGreaterThan(10);
    expect(report.kills.central).toBeGreaterThan(10);
    expect(report.duplicatesAbsorbed).toBeGreaterThan(200);
    expect(report.breaks).toBe(0);
  });
});
