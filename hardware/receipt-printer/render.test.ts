// A receipt as bytes: the golden bytes of a short English one, and a Nepali one read back from the simulated paper.
import { describe, expect, it } from 'vitest';
import { err, must } from '../../ledger-sync/ledger/result.ts';
import type { Receipt } from '../ports/receipt.ts';
import { CommandReader } from './command-reader.ts';
import { joinFrames, WINDOW_BYTES } from './frames.ts';
import { receiptRows } from './layout.ts';
import { type CutPaper, Paper } from './paper.ts';
import { type PaperWidthMm, type RenderOptions, renderJob } from './render.ts';
import { sampleSale } from './sample-receipts.ts';

const short: Receipt = {
  action: 'sale',
  siteName: { en: 'Syabru Kirana', ne: '' },
  gateway: 'syabru',
  entryNumber: 12,
  shortCode: '7F3A-91C0-2E4D',
  at: Date.UTC(2026, 4, 22, 8, 47),
  currency: { code: 'NPR', decimals: 2 },
  lines: [{ name: { en: 'Sugar', ne: 'चिनी' }, quantity: '1', amountMinor: '10550' }],
  totalMinor: '10550',
  tender: 'wallet',
  payerAccount: 'W-1042',
  seal: 'kept',
  copy: 0,
  language: 'en',
};

async function bytesOf(receipt: Receipt, options: RenderOptions = { paperMm: 58 }, openDrawer = false): Promise<Uint8Array> {
  const rendered = must(await renderJob({ id: 'x', receipt, openDrawer }, options), 'render');
  for (const piece of rendered.pieces) expect(piece.length).toBeLessThanOrEqual(WINDOW_BYTES);
  return joinFrames(rendered.pieces);
}

/** Bytes as a person writes them: letters as they are, the rest in hexadecimal. */
const written = (bytes: Uint8Array): string =>
  [...bytes]
    .map((byte) =>
      byte === 0x0a ? '\n' : byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `<${byte.toString(16).padStart(2, '0')}>`,
    )
    .join('');

function paperOf(bytes: Uint8Array, dots: number): CutPaper {
  const papers: CutPaper[] = [];
  const paper = new Paper(dots, (cut) => papers.push(cut));
  const reader = new CommandReader((order) => paper.obey(order));
  for (const byte of bytes) reader.read(byte);
  expect(papers).toHaveLength(1);
  return papers[0] as CutPaper;
}

const rowsOf = (paper: CutPaper): Uint8Array[] => paper.parts.flatMap((part) => (part.kind === 'row' ? [part.bits] : []));
const isInk = (row: Uint8Array, column: number): boolean => ((row[column >> 3] ?? 0) & (0x80 >> (column & 7))) !== 0;
const lastInk = (row: Uint8Array): number => {
  for (let column = row.length * 8 - 1; column >= 0; column -= 1) if (isInk(row, column)) return column;
  return -1;
};

describe('a short English receipt', () => {
  it('is these bytes', async () => {
    expect(written(await bytesOf(short))).toBe(
      [
        '<1b>@<1b>t<00><1d>!<11><1b>E<01> Syabru Kirana',
        '<1b>E<00><1d>!<00>--------------------------------',
        '2026-05-22 14:32             #12',
        '--------------------------------',
        'Sugar x 1                 105.50',
        '--------------------------------',
        '<1d>!<01><1b>E<01>Total                  Rs 105.50',
        '<1b>E<00><1d>!<00>Wallet                    105.50',
        'Customer                  W-1042',
        '--------------------------------',
        'In words: One hundred five',
        'rupees and fifty paisa only',
        'Seal                        Kept',
        'syabru #12        7F3A-91C0-2E4D',
        '<1b>d<03><1d>VB<00>',
      ].join('\n'),
    );
  });

  it('opens the drawer before anything else, where the job says so', async () => {
    expect(written(await bytesOf(short, { paperMm: 58 }, true))).toMatch(/^<1b>@<1b>p<00>2<fa><1b>t/);
    expect(written(await bytesOf(short))).not.toContain('<1b>p');
  });

  it('is headed PRACTICE and COPY in white on black', async () => {
    const text = written(await bytesOf({ ...short, practice: true, copy: 3 }));
    expect(text).toMatch(/<1d>B<01><1b>E<01> +PRACTICE +\n<1b>E<00><1d>B<00> +Nothing was paid\n<1d>B<01><1b>E<01> +COPY 3 +\n/);
  });

  it('wraps a long name and gives a value without room a line of its own', async () => {
    const lines = [
      { name: { en: 'A very long name of a thing that is sold here', ne: '' }, quantity: '2', amountMinor: '9223372036854775807' },
    ];
    const text = written(await bytesOf({ ...short, lines }));
    expect(text).toContain('A very long name of a thing that\nis sold here x 2\n     92,23,37,20,36,85,47,758.07\n');
  });

  it('carries a token in the largest letters, three groups a line', async () => {
    const token = { meter: 'M-204', groups: '314 114 432 231 134' };
    const rows = receiptRows({ ...short, token });
    const at = rows.findIndex((row) => row.kind === 'pair' && row.left === 'Meter');
    expect(rows.slice(at, at + 4)).toMatchObject([
      { right: 'M-204' },
      { text: 'Token' },
      { text: '314 114 432', size: 'large', isBold: true },
      { text: '231 134', size: 'large', isBold: true },
    ]);
    expect(written(await bytesOf({ ...short, token }))).toContain('314 114 432');
    expect(receiptRows({ ...short, token, language: 'ne' })).toContainEqual(expect.objectContaining({ text: '231 134' }));
  });

  it('lets no name smuggle a command, another line or a turn of direction', () => {
    const rows = receiptRows({ ...short, siteName: { en: 'A\u001bp\n\u202eB', ne: '' } });
    expect(rows[0]).toMatchObject({ text: 'A p B' });
  });
});

describe('a Nepali receipt', () => {
  it.each([58, 80] as const)(
    'is a picture on %d mm, with ink in every line and each amount at the right edge',
    async (paperMm: PaperWidthMm) => {
      const dots = paperMm === 58 ? 384 : 576;
      const paper = paperOf(await bytesOf(sampleSale('ne'), { paperMm }), dots);
      const rows = rowsOf(paper);
      expect(rows.length).toBeGreaterThan(400);
      const edges = rows.map(lastInk);
      expect(Math.max(...edges)).toBeLessThan(dots);
      // Runs of rows that reach the last 16 dots: the head's values, items, total, tender, change, seal and code, and the rules.
      let runs = 0;
      edges.forEach((edge, index) => {
        if (edge >= dots - 16 && (edges[index - 1] ?? 0) < dots - 16) runs += 1;
      });
      expect(runs).toBeGreaterThanOrEqual(12);
      expect(paper.parts.some((part) => part.kind === 'line' && part.letters.length > 0)).toBe(false);
    },
  );

  it('shapes conjuncts: a halant that joins leaves another picture than two letters apart', async () => {
    const named = async (ne: string): Promise<number> => {
      const bytes = await bytesOf({ ...sampleSale('ne'), lines: [], siteName: { en: '', ne } });
      return rowsOf(paperOf(bytes, 384)).reduce(
        (sum, row) => sum + [...Array(384).keys()].filter((column) => isInk(row, column)).length,
        0,
      );
    };
    const widthOfBoth = await named('क ष');
    expect(await named('क्ष')).toBeLessThan(widthOfBoth);
  });

  it('carries both languages, with one figure in digits that everybody reads', () => {
    const texts = receiptRows(sampleSale('both')).flatMap((row) => (row.kind === 'pair' ? [`${row.left}|${row.right}`] : []));
    expect(texts).toContain('जम्मा / Total|Rs 1,145.00');
    expect(texts.join('\n')).toContain('चिनी / Sugar');
  });

  it('heads a copy and a practice sale', () => {
    const banners = receiptRows({ ...sampleSale('ne'), copy: 2, practice: true }).filter((row) => row.kind === 'banner');
    expect(banners).toEqual([
      { kind: 'banner', text: 'अभ्यास' },
      { kind: 'banner', text: 'प्रतिलिपि २' },
    ]);
  });

  it('comes out in English, and says why, on a box without Nepali letters', async () => {
    const options: RenderOptions = { paperMm: 80, loadLetters: async () => err('no letters here') };
    const rendered = must(await renderJob({ id: 'x', receipt: sampleSale('ne') }, options), 'render');
    expect(rendered.degraded).toBe('no letters here');
    const text = written(joinFrames(rendered.pieces));
    expect(text).toMatch(/Total +Rs 1,145\.00\n/);
    expect(text).toContain('Nepali letters are missing');
  });
});

describe('limits', () => {
  const many = (count: number): Receipt => ({
    ...sampleSale('ne'),
    lines: Array.from({ length: count }, () => ({ name: { en: '', ne: 'चिनी '.repeat(24) }, amountMinor: '1' })),
  });

  it('refuses a receipt beyond its lines, and one that is too long for a job', async () => {
    expect(await renderJob({ id: 'x', receipt: many(201) }, { paperMm: 58 })).toMatchObject({
      ok: false,
      error: { code: 'cannot-render' },
    });
    expect(await renderJob({ id: 'x', receipt: many(200) }, { paperMm: 58 })).toMatchObject({ ok: false, error: { code: 'too-large' } });
  });
});
