import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findRunningGateway, forgetWhereItRuns, sayWhereItRuns } from './running-gateway.ts';

const RUNNING = { http: 'http://127.0.0.1:7070', pid: 7, token: 'secret' };
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'chautari-running-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('is found while it runs, and not after', () => {
  expect(findRunningGateway(folder)).toBeUndefined();
  expect(sayWhereItRuns(folder, RUNNING)).toBeUndefined();
  expect(findRunningGateway(folder)).toEqual(RUNNING);
  forgetWhereItRuns(folder);
  forgetWhereItRuns(folder);
  expect(findRunningGateway(folder)).toBeUndefined();
});

it('that cannot say where it runs goes on, and ends as asked', () => {
  // What lies in the way cannot be written or taken away: a full disk, one that only reads.
  mkdirSync(join(folder, 'gateway.json', 'full'), { recursive: true });
  expect(sayWhereItRuns(folder, RUNNING)).toContain('commands on this machine do not find this gateway');
  expect(findRunningGateway(folder)).toBeUndefined();
  expect(() => forgetWhereItRuns(folder)).not.toThrow();
});

it.each(['', '{', '{"http":1}', 'null'])('a file that was cut leads to nobody: %s', (text) => {
  writeFileSync(join(folder, 'gateway.json'), text);
  expect(findRunningGateway(folder)).toBeUndefined();
});
