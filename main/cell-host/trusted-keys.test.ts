import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readTrusted, trustedText } from './trusted-keys.ts';

const scratch = mkdtempSync(join(tmpdir(), 'trusted-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));
const KEY = 'a1'.repeat(32);

it('a folder without a list trusts nobody, and one with a list its keys', () => {
  expect(readTrusted(scratch)).toEqual({ ok: true, value: [] });
  const keys = [{ name: 'Maya', key: KEY }];
  writeFileSync(join(scratch, 'trusted.json'), trustedText(keys));
  expect(readTrusted(scratch)).toEqual({ ok: true, value: keys });
});

it.each([['{'], ['{"keys":[{"name":"Maya","key":"short"}]}'], ['{"keys":[],"all":true}'], [' '.repeat(70_000)]])(
  'a list that is not understood is a fault: %.20s',
  (text) => {
    writeFileSync(join(scratch, 'trusted.json'), text);
    expect(readTrusted(scratch)).toMatchObject({ ok: false, error: { code: 'bad-trust' } });
  },
);
