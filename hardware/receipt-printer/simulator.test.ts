// The simulated printer takes any bytes: another program's streams, split anywhere, and noise. Nothing crashes it or makes it grow.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommandReader, type PaperOrder } from './command-reader.ts';
import { type CutPaper, Paper } from './paper.ts';
import { paperPicture } from './paper-picture.ts';

const fixtures = join(import.meta.dirname, '../../test/fixtures/escpos');
const MAX_ROW = 128;

function printAll(bytes: Uint8Array, pieces = 1): CutPaper[] {
  const papers: CutPaper[] = [];
  const paper = new Paper(576, (cut) => papers.push(cut));
  const reader = new CommandReader((order) => {
    if (order.kind === 'row') expect(order.bits.length).toBeLessThanOrEqual(MAX_ROW);
    paper.obey(order);
  });
  for (let at = 0; at < bytes.length; at += pieces) for (const byte of bytes.subarray(at, at + pieces)) reader.read(byte);
  if (paper.hanging().length > 0) papers.push({ parts: paper.hanging(), isTruncated: false });
  return papers;
}

const textOf = (papers: readonly CutPaper[]): string =>
  papers
    .flatMap(({ parts }) =>
      parts.flatMap((part) => (part.kind === 'line' ? [String.fromCharCode(...part.letters.map(({ byte }) => byte))] : [])),
    )
    .join('\n');

describe("another program's streams", () => {
  it.each(readdirSync(fixtures).filter((name) => name.endsWith('.bin')))('%s is read to its end and drawn', async (name) => {
    const papers = printAll(readFileSync(join(fixtures, name)));
    expect(papers.length).toBeGreaterThan(0);
    for (const paper of papers) {
      expect(paper.isTruncated).toBe(false);
      const picture = await paperPicture(paper, 576);
      expect(Buffer.from(picture.subarray(1, 4)).toString()).toBe('PNG');
    }
  });

  it('are understood, not only survived', () => {
    const receipt = textOf(printAll(readFileSync(join(fixtures, 'receipt-with-logo.bin'))));
    expect(receipt).toContain('ExampleMart Ltd.');
    expect(receipt).toMatch(/Total +\$ 14\.25/);
    const codes = printAll(readFileSync(join(fixtures, 'qr-code.bin'))).flatMap(({ parts }) =>
      parts.filter((part) => part.kind === 'code'),
    );
    expect(codes.length).toBeGreaterThan(3);
    expect(textOf(printAll(readFileSync(join(fixtures, 'qr-code.bin'))))).toContain('QR code demo');
  });
});

describe('noise', () => {
  it('never crashes the reader, nor makes one byte worth more than a bounded part', () => {
    const telling = fc.constantFrom(0x1b, 0x1d, 0x1c, 0x10, 0x0a, 0x28, 0x4c, 0x76, 0x30, 0x2a, 0x6b, 0x56, 0x70, 0xff, 0x00, 0x41);
    const noise = fc.array(fc.oneof(telling, fc.nat(255)), { maxLength: 600 }).map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(noise, (bytes) => {
        const orders: PaperOrder[] = [];
        const reader = new CommandReader((order) => orders.push(order));
        const paper = new Paper(576, () => {});
        for (const byte of bytes) reader.read(byte);
        for (const order of orders) paper.obey(order);
        // ESC * turns 24 dots of each column into 24 rows; nothing gives more than that.
        expect(orders.length).toBeLessThanOrEqual(bytes.length * 24);
        expect(paper.hanging().length).toBeLessThanOrEqual(20_000);
      }),
      { numRuns: 500 },
    );
  });

  it('costs nothing where a header announces four gigabytes', () => {
    const reader = new CommandReader(() => {});
    const before = process.memoryUsage().arrayBuffers;
    for (const byte of [0x1d, 0x38, 0x4c, 0xff, 0xff, 0xff, 0xff, 0x30, 0x70]) reader.read(byte);
    reader.reset();
    for (const byte of [0x1d, 0x76, 0x30, 0x00, 0xff, 0xff, 0xff, 0xff]) reader.read(byte);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
  });

  it('is cut short on the roll, and says so', () => {
    const [paper] = printAll(Buffer.concat([Buffer.alloc(30_000, 0x0a), Buffer.from([0x1d, 0x56, 0x00])]));
    expect(paper).toMatchObject({ isTruncated: true });
    expect(paper?.parts.length).toBe(20_000);
  });
});
