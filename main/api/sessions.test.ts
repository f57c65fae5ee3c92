/** Sessions before and after there is a journal to keep them in. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NEW_JOURNAL } from '../../test/support/store/test-store.ts';
import { seededEntropy } from '../platform/entropy.ts';
import { openReader } from '../store/reader.ts';
import { startWriter } from '../store/writer-thread.ts';
import type { Ledger } from './face.ts';
import { Sessions } from './sessions.ts';

let directory: string;
let ledger: Ledger | undefined;
let seed = 0;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'chautari-sessions-'));
});
afterEach(async () => {
  await close();
  rmSync(directory, { recursive: true });
});

const sessionsOf = () => new Sessions({ directory, entropy: seededEntropy(++seed), ledger: () => ledger });
const codeNow = (): string => readFileSync(join(directory, 'pairing-code'), 'utf8').trim();

async function enrol(): Promise<void> {
  const databasePath = join(directory, 'gateway.sqlite');
  const workerUrl = new URL('../../test/support/store/simple-writer.ts', import.meta.url);
  const writer = await startWriter({ ...NEW_JOURNAL, databasePath, cellsDirectory: '', printReceipts: false, workerUrl });
  ledger = { writer, reader: openReader(databasePath) };
}
async function close(): Promise<void> {
  await ledger?.writer.stop();
  ledger?.reader.close();
  ledger = undefined;
}

async function paired(sessions: Sessions, kiosk = 'counter') {
  const answer = await sessions.pair(codeNow(), kiosk, 1_000);
  if (!answer.ok) throw new Error(answer.error.detail);
  return answer.value;
}

describe('sessions', () => {
  it('that were paired before the box is enrolled are kept once it is, and outlive a restart', async () => {
    const sessions = sessionsOf();
    const { secret, principal } = await paired(sessions);
    expect(sessions.find(secret, undefined, 2_000)).toEqual(principal);
    await enrol();
    await sessions.keepAll();
    // Again is once.
    await sessions.keepAll();
    expect(sessions.find(secret, undefined, 2_000)).toEqual(principal);
    await close();
    await enrol();
    const after = sessionsOf();
    expect(after.find(secret, undefined, 3_000)).toEqual(principal);
    expect(after.find(`${secret}x`, undefined, 3_000)).toBeUndefined();
    expect(after.find(undefined, undefined, 3_000)).toBeUndefined();
  });

  it('are lost with the process where there was nothing to keep them in', async () => {
    const { secret } = await paired(sessionsOf());
    expect(sessionsOf().find(secret, undefined, 2_000)).toBeUndefined();
  });

  it('are not given where they cannot be kept', async () => {
    await enrol();
    const sessions = sessionsOf();
    await ledger?.writer.stop();
    expect(await sessions.pair(codeNow(), 'counter', 1_000)).toMatchObject({ ok: false, error: { code: 'stopping' } });
  });

  it('in memory are bounded; what is durable is read again', async () => {
    await enrol();
    const sessions = sessionsOf();
    const first = await paired(sessions, 'first');
    for (let count = 1; count < 256; count++) await paired(sessions, `kiosk-${count}`);
    expect(await sessions.pair(codeNow(), 'one too many', 1_000)).toMatchObject({ ok: false, error: { code: 'busy' } });
    expect(sessions.find(first.secret, undefined, 1_000)).toMatchObject({ kiosk: 'first' });
  });
});

describe('the pairing code', () => {
  it('stays over a restart and is made anew where its file is not one', () => {
    const { pairing } = sessionsOf();
    expect(pairing.shown.replace(' ', '')).toBe(codeNow());
    expect(sessionsOf().pairing.shown).toBe(pairing.shown);
    for (const damaged of ['', '1234567', '123456789', 'abcdefgh', '12345678x']) {
      writeFileSync(join(directory, 'pairing-code'), damaged);
      expect(sessionsOf().pairing.shown).toMatch(/^[0-9]{4} [0-9]{4}$/);
      expect(codeNow()).not.toBe(damaged);
    }
  });
});
