import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { refuseOtherThanGateways } from './gateway-folder.ts';

const village = mkdtempSync(join(tmpdir(), 'gateway-folder-'));
afterAll(() => rmSync(village, { recursive: true, force: true }));

function folder(name: string, files: readonly string[]): string {
  const path = join(village, name);
  mkdirSync(path);
  for (const file of files) writeFileSync(join(path, file), '');
  return path;
}

it('takes a gateway’s folder, and names those that are near any other', () => {
  const other = join(village, 'sybru');
  expect(() => refuseOtherThanGateways(join(other, 'deeper'))).toThrow('with --data (a gateway makes it at its first start');
  const syabru = folder('syabru', ['identity.pem']);
  const central = folder('central', ['identity.pem', 'central.sqlite']);
  expect(() => refuseOtherThanGateways(syabru)).not.toThrow();
  for (const wrong of [other, central, village]) {
    expect(() => refuseOtherThanGateways(wrong)).toThrow(/is no gateway's data folder; name the right one: --data \S*syabru$/);
  }
});
