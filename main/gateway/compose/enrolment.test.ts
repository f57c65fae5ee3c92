import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededEntropy } from '../../platform/entropy.ts';
import { boxName, type EnrolledState, EnrolmentFile } from './enrolment.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chautari-enrolment-'));
  path = join(directory, 'enrolment.json');
});
afterEach(() => rmSync(directory, { recursive: true }));

const open = (seed = 1) => new EnrolmentFile(directory, seededEntropy(seed), 1_000);
const centreKey = new Uint8Array(32).fill(0xab);

describe('the enrolment file', () => {
  it('is made with an epoch that stays the same through every answer and restart', () => {
    const { epoch, state } = open();
    expect(epoch).toMatch(/^[0-9a-f]{16}$/);
    expect(state).toEqual({ state: 'none', epoch, since: 1_000 });
    expect(statSync(path).mode & 0o777).toBe(0o600);

    const file = open(2);
    expect(file.epoch).toBe(epoch);
    file.ask('0123456789abcdefghjk', 2_000);
    expect(open(3).state).toEqual({ state: 'asking', epoch, voucher: '0123456789abcdefghjk', since: 2_000 });
    file.refuse('used', 3_000);
    expect(open(4).state).toEqual({ state: 'refused', epoch, reason: 'used', since: 3_000 });
    expect(readFileSync(path, 'utf8')).not.toContain('0123456789abcdefghjk');
    file.ask('0123456789abcdefghjk', 4_000);
    file.accept({ gateway: 'syabru', site: 'Syabru Besi', centreKey }, 'NPR', 5_000);
    const after = open(5);
    expect(boxName(after.state as EnrolledState)).toEqual({ gateway: 'syabru', epoch, currency: 'NPR', site: 'Syabru Besi', centreKey });
    expect(readdirSync(directory)).toEqual(['enrolment.json']);
  });

  it.each<[string, string]>([
    ['empty', ''],
    ['cut short', '{"state":"none","epoch":"0123'],
    ['another file', '{"tokens":[]}'],
    ['of a state that is none', '{"state":"maybe","epoch":"0123456789abcdef","since":1}'],
    ['with a member more', '{"state":"none","epoch":"0123456789abcdef","since":1,"voucher":"x"}'],
    [
      'with a key that is none',
      `{"state":"enrolled","epoch":"0123456789abcdef","gateway":"syabru","site":"S","currency":"NPR","centreKey":"00","since":1}`,
    ],
    ['with an epoch that is none', '{"state":"none","epoch":"xyz","since":1}'],
    [
      'with a gateway that is none',
      `{"state":"enrolled","epoch":"0123456789abcdef","gateway":"../x","site":"S","currency":"NPR","centreKey":"${'00'.repeat(32)}","since":1}`,
    ],
    [
      'with a currency that is none',
      `{"state":"enrolled","epoch":"0123456789abcdef","gateway":"syabru","site":"S","currency":"XXX","centreKey":"${'00'.repeat(32)}","since":1}`,
    ],
  ])('that is %s needs a person, and is left as it is', (_name, text) => {
    writeFileSync(path, text);
    expect(() => open()).toThrow(expect.objectContaining({ code: 3, message: expect.stringContaining('damaged') }));
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  it('that cannot be read is a fault that names it', () => {
    rmSync(directory, { recursive: true });
    writeFileSync(directory, 'no folder');
    expect(() => open()).toThrow(expect.objectContaining({ code: 1, message: expect.stringContaining('enrolment.json') }));
  });
});
