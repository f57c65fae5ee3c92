// A gateway whose printer is not there, or prints in its own font, carries neither the canvas nor the serial package in memory.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

it('loads the canvas with the first picture, and no sooner', () => {
  const script = `
    const { renderJob } = await import('./render.ts');
    const { openReceiptPrinter } = await import('./open-printer.ts');
    const { sampleSale } = await import('./sample-receipts.ts');
    const native = () => process.report.getReport().sharedObjects.filter((name) => /skia|canvas|serialport|bindings/i.test(name)).length;
    const counts = [native()];
    await renderJob({ id: 'x', receipt: { ...sampleSale('en') } }, { paperMm: 80 });
    counts.push(native());
    await renderJob({ id: 'y', receipt: sampleSale('ne') }, { paperMm: 80 });
    counts.push(native());
    process.stdout.write(JSON.stringify({ counts, isThere: openReceiptPrinter !== undefined }));
  `;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: join(import.meta.dirname), encoding: 'utf8' });
  const { counts } = JSON.parse(said);
  expect(counts.slice(0, 2)).toEqual([0, 0]);
  expect(counts[2]).toBeGreaterThan(0);
});
