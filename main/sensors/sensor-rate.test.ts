import { expect, it } from 'vitest';
import { SENSOR_LIMITS } from './sensor-limits.ts';
import { SensorRate } from './sensor-rate.ts';

const { sourceRate, totalRate, sourcesMax } = SENSOR_LIMITS;

it('one address has its burst, then its rate; others are served meanwhile (I13)', () => {
  let nowMs = 0;
  const rate = new SensorRate(() => nowMs);
  const admitted = (source: string, tries: number): number =>
    Array.from({ length: tries }, () => rate.admits(source)).filter(Boolean).length;
  expect(admitted('10.0.0.1', 5_000)).toBe(sourceRate.burst);
  expect(admitted('10.0.0.2', 10)).toBe(10);
  nowMs = 100;
  expect(admitted('10.0.0.1', 5_000)).toBe(sourceRate.perSecond / 10);
});

it('all together have a rate too, and addresses are bounded', () => {
  let nowMs = 0;
  const rate = new SensorRate(() => nowMs);
  let admitted = 0;
  for (let source = 0; source < 3 * sourcesMax; source++) for (let one = 0; one < 4; one++) if (rate.admits(`a${source}`)) admitted++;
  expect(admitted).toBeLessThanOrEqual(totalRate.burst);
  expect(rate.admits('new')).toBe(false);
  nowMs = 10_000;
  expect(rate.admits('new')).toBe(true);
});
