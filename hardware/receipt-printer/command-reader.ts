/**
 * Reads ESC/POS as a printer does: byte by byte, with memory that no input can make grow. Pictures are handed on row by row, so a header
 * that announces four gigabytes costs nothing; parameters are counted, unknown commands are passed over. Used by the simulator only.
 */
export type PaperOrder =
  | { readonly kind: 'text'; readonly byte: number }
  | { readonly kind: 'line-feed' }
  | { readonly kind: 'command'; readonly name: string; readonly parameters: readonly number[] }
  /** One row of a picture, or of a column picture's strip: at most MAX_ROW_BYTES are kept of it. */
  | { readonly kind: 'row'; readonly bits: Uint8Array }
  /** A barcode or a QR code, whose lines are not drawn. */
  | { readonly kind: 'code'; readonly what: 'barcode' | 'qr' };

type Data = {
  left: number;
  readonly take: (byte: number) => void;
  readonly end: () => void;
};

const MAX_ROW_BYTES = 128;
const MAX_GRAPHIC_BYTES = 64 * 1024;
const NUL_ENDED_LIMIT = 256;

/** How many parameters follow ESC x, GS x and FS x; those not listed have none. */
const ESC_PARAMETERS: Readonly<Record<string, number>> = {
  '!': 1, '%': 1, '-': 1, '3': 1, '=': 1, '?': 1, 'A': 1, 'B': 2, 'C': 1, 'E': 1, 'G': 1, 'J': 1, 'K': 1, 'M': 1, 'R': 1, 'T': 1,
  'U': 1, 'V': 1, 'W': 8, 'a': 1, 'c': 2, 'd': 1, 'e': 1, 'p': 3, 'r': 1, 't': 1, '{': 1, ' ': 1, '$': 2, '\\': 2, '*': 3,
}; // biome-ignore format: a table
const GS_PARAMETERS: Readonly<Record<string, number>> = {
  '!': 1, '$': 2, '*': 2, '/': 1, 'B': 1, 'E': 1, 'H': 1, 'I': 1, 'L': 2, 'P': 2, 'T': 1, 'V': 1, 'W': 2, '\\': 2, '^': 3, 'a': 1,
  'b': 1, 'f': 1, 'g': 3, 'h': 1, 'k': 1, 'r': 1, 'v': 6, 'w': 1, '(': 3, '8': 5,
}; // biome-ignore format: a table
const FS_PARAMETERS: Readonly<Record<string, number>> = { '!': 1, '-': 1, C: 1, S: 2, W: 1, p: 2, '(': 3 };
const TABLES: Readonly<Record<number, readonly [string, Readonly<Record<string, number>>]>> = {
  27: ['ESC', ESC_PARAMETERS],
  29: ['GS', GS_PARAMETERS],
  28: ['FS', FS_PARAMETERS],
};

export class CommandReader {
  private readonly order: (order: PaperOrder) => void;
  private command: number[] = [];
  private data: Data | undefined;
  private graphic: { readonly rowBytes: number; readonly bits: Uint8Array } | undefined;

  constructor(order: (order: PaperOrder) => void) {
    this.order = order;
  }

  /** As after switching it off and on: a command half read is forgotten. */
  reset(): void {
    this.command = [];
    this.data = undefined;
    this.graphic = undefined;
  }

  read(byte: number): void {
    const data = this.data;
    if (data !== undefined) {
      data.left -= 1;
      data.take(byte);
      if (data.left > 0 || this.data !== data) return;
      this.data = undefined;
      data.end();
      return;
    }
    if (this.command.length > 0) {
      this.command.push(byte);
      this.complete();
    } else if (byte in TABLES || byte === 0x10) {
      this.command.push(byte);
    } else if (byte === 0x0a) {
      this.order({ kind: 'line-feed' });
    } else if (byte >= 0x20) {
      this.order({ kind: 'text', byte });
    }
  }

  private complete(): void {
    const [first = 0, second = 0, ...parameters] = this.command;
    if (first === 0x10) {
      this.completeRealTime(second, parameters);
      return;
    }
    const [prefix, counts] = TABLES[first] ?? ['', {}];
    const letter = String.fromCharCode(second);
    let count = counts[letter] ?? 0;
    if (first === 0x1b && letter === 'D') {
      this.startUntilNul();
      return;
    }
    // A cut with a feed and a picture in columns say with their first parameter how many follow.
    if (first === 0x1d && letter === 'V' && (parameters[0] ?? 0) >= 0x41) count = 2;
    if (first === 0x1d && letter === 'k' && (parameters[0] ?? 0) >= 0x41) count = 2;
    if (parameters.length < count) return;
    this.command = [];
    this.obey(`${prefix} ${letter}`, parameters);
  }

  /** They were obeyed when they came in; here they only take up their place. */
  private completeRealTime(second: number, parameters: readonly number[]): void {
    const count = second === 0x14 ? 3 : second === 0x04 || second === 0x05 ? 1 : 0;
    if (parameters.length >= count) this.command = [];
  }

  private obey(name: string, parameters: readonly number[]): void {
    const at = (index: number): number => parameters[index] ?? 0;
    if (name === 'GS v') this.startRows(at(2) + at(3) * 256, at(4) + at(5) * 256);
    else if (name === 'ESC *') this.startColumns(at(1) + at(2) * 256, at(0) < 32 ? 1 : 3);
    else if (name === 'GS *') this.skip(at(0) * at(1) * 8);
    else if (name === 'GS (') this.startFunction(at(0), at(1) + at(2) * 256);
    else if (name === 'GS 8') this.startFunction(at(0), at(1) + at(2) * 256 + at(3) * 65536 + at(4) * 16777216);
    else if (name === 'FS (') this.skip(at(1) + at(2) * 256);
    else if (name === 'GS k') this.startBarcode(parameters);
    else this.order({ kind: 'command', name, parameters });
  }

  private startBarcode(parameters: readonly number[]): void {
    this.order({ kind: 'code', what: 'barcode' });
    if (parameters.length === 1) this.startUntilNul();
    else this.skip(parameters[1] ?? 0);
  }

  private skip(count: number): void {
    if (count > 0) this.data = { left: count, take: () => {}, end: () => {} };
  }

  private startUntilNul(): void {
    this.command = [];
    const data: Data = {
      left: NUL_ENDED_LIMIT,
      take: (byte) => {
        if (byte === 0) this.data = undefined;
      },
      end: () => {},
    };
    this.data = data;
  }

  private startRows(rowBytes: number, rows: number): void {
    if (rowBytes === 0 || rows === 0) return;
    const row = new Uint8Array(Math.min(rowBytes, MAX_ROW_BYTES));
    let column = 0;
    const take = (byte: number): void => {
      if (column < row.length) row[column] = byte;
      column += 1;
      if (column < rowBytes) return;
      column = 0;
      this.order({ kind: 'row', bits: row.slice() });
    };
    this.data = { left: rowBytes * rows, take, end: () => {} };
  }

  /** ESC *: columns of 8 or 24 dots, turned into rows. */
  private startColumns(columns: number, columnBytes: number): void {
    if (columns === 0) return;
    const rows = Array.from({ length: columnBytes * 8 }, () => new Uint8Array(Math.min(Math.ceil(columns / 8), MAX_ROW_BYTES)));
    let count = 0;
    const take = (byte: number): void => {
      const column = Math.floor(count / columnBytes);
      const top = (count % columnBytes) * 8;
      count += 1;
      for (let bit = 0; bit < 8; bit += 1) {
        const row = rows[top + bit];
        const at = column >> 3;
        if (row !== undefined && at < row.length && (byte & (0x80 >> bit)) !== 0) row[at] = (row[at] ?? 0) | (0x80 >> (column & 7));
      }
    };
    this.data = { left: columns * columnBytes, take, end: () => rows.forEach((bits) => void this.order({ kind: 'row', bits })) };
  }

  /** GS ( L and GS 8 L keep a picture and print it later; GS ( k is a QR code; the others say nothing on paper. */
  private startFunction(letter: number, length: number): void {
    if (length === 0) return;
    const kept = new Uint8Array(Math.min(length, MAX_GRAPHIC_BYTES));
    let count = 0;
    const take = (byte: number): void => {
      if (count < kept.length) kept[count] = byte;
      count += 1;
    };
    this.data = { left: length, take, end: () => this.endFunction(String.fromCharCode(letter), kept) };
  }

  private endFunction(letter: string, data: Uint8Array): void {
    const name = data[1] ?? 0;
    if (letter === 'k') {
      if (name === 81) this.order({ kind: 'code', what: 'qr' });
      return;
    }
    if (letter !== 'L') return;
    if (name === 112) {
      const width = (data[6] ?? 0) + (data[7] ?? 0) * 256;
      this.graphic = { rowBytes: Math.ceil(width / 8), bits: data.subarray(10) };
    } else if (name === 50 || name === 2) {
      this.printGraphic();
    }
  }

  private printGraphic(): void {
    if (this.graphic === undefined || this.graphic.rowBytes === 0) return;
    const { rowBytes, bits } = this.graphic;
    for (let from = 0; from + rowBytes <= bits.length; from += rowBytes) {
      this.order({ kind: 'row', bits: bits.slice(from, from + Math.min(rowBytes, MAX_ROW_BYTES)) });
    }
  }
}
