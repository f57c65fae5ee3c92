/** A sale of energy run again: the same token from what was read, and the meter's key nowhere on the screen. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ensureBuilt } from '../../cells/sdk/build-cells.ts';
import { must } from '../../ledger-sync/ledger/result.ts';
import { energySale, float, lease, takeLease } from '../../test/support/store/meter.ts';
import { NEW_JOURNAL, paymentId } from '../../test/support/store/test-store.ts';
import { CellRegistry } from '../cell-host/registry.ts';
import { openReader } from '../store/reader.ts';
import { startWriter } from '../store/writer-thread.ts';
import { replayPayment } from './replay-payment.ts';
import { paymentReplayText, plainJson } from './show-replay.ts';

it('shows everything but what the host lent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'chautari-energy-replay-'));
  const databasePath = join(folder, 'gateway.sqlite');
  const cellsDirectory = await ensureBuilt();
  const writer = await startWriter({ ...NEW_JOURNAL, databasePath, cellsDirectory, printReceipts: false });
  await writer.execute('open-account', float);
  await writer.execute('take-lease', takeLease());
  await writer.execute('take-payment', energySale(1, 5n));
  await writer.execute('take-payment', energySale(2, 5n));
  await writer.stop();
  const reader = openReader(databasePath);
  const replay = must(replayPayment(reader, new CellRegistry({ shipped: cellsDirectory }), paymentId(2)), 'replay');
  reader.close();
  expect(replay.isSame).toBe(true);
  for (const text of [paymentReplayText(replay), plainJson(replay)]) {
    expect(text).toContain('lent by the host, not shown');
    expect(text).not.toContain(lease().key);
    expect(text).not.toContain(Buffer.from(lease().key).toString('hex'));
  }
  rmSync(folder, { recursive: true, force: true });
});
