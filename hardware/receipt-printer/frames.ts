/**
 * ESC/POS as bytes: the few commands that a receipt needs. Nothing here knows what is printed or when. A picture never contains a
 * real-time command: printers obey those even inside data, and one of them opens the drawer.
 */
const ESC = 0x1b;
const GS = 0x1d;
const DLE = 0x10;

export const resetFrame = (): Uint8Array => Uint8Array.of(ESC, 0x40);
export const boldFrame = (isOn: boolean): Uint8Array => Uint8Array.of(ESC, 0x45, isOn ? 1 : 0);
/** Twice as high, and twice as wide where asked. */
export const sizeFrame = (isTall: boolean, isWide: boolean): Uint8Array =>
  Uint8Array.of(GS, 0x21, (isTall ? 0x01 : 0) | (isWide ? 0x10 : 0));
export const inverseFrame = (isOn: boolean): Uint8Array => Uint8Array.of(GS, 0x42, isOn ? 1 : 0);
/** Code page 437: its first half is ASCII, and nothing else is sent as text. */
export const codePageFrame = (): Uint8Array => Uint8Array.of(ESC, 0x74, 0);
export const feedFrame = (lines: number): Uint8Array => Uint8Array.of(ESC, 0x64, lines);
/** Feeds to the knife and leaves one point uncut. */
export const cutFrame = (): Uint8Array => Uint8Array.of(GS, 0x56, 0x42, 0);
/** A pulse of 100 ms on the drawer's pin. */
export const drawerFrame = (): Uint8Array => Uint8Array.of(ESC, 0x70, 0, 50, 250);

/** Printable ASCII and a line feed; anything else is the layout's defect. */
export function textFrame(line: string): Uint8Array {
  if (!/^[\x20-\x7e]*$/.test(line)) throw new Error('text for a native font is printable ASCII');
  return new TextEncoder().encode(`${line}\n`);
}

export type StatusQuestion = 'printer' | 'offline-cause' | 'paper';
const QUESTIONS: Readonly<Record<StatusQuestion, number>> = { printer: 1, 'offline-cause': 2, paper: 4 };

/** DLE EOT n: answered at once, whatever else the printer is at. */
export const askFrame = (question: StatusQuestion): Uint8Array => Uint8Array.of(DLE, 0x04, QUESTIONS[question]);
/** GS r 1: answered when everything before it has been printed. */
export const askWhenPrintedFrame = (): Uint8Array => Uint8Array.of(GS, 0x72, 1);

export const BAND_ROWS = 24;
export const MAX_ROW_BYTES = 72;

/** Fills up a band whose end was never sent, and is nothing to a printer that waits for a command. */
export const paddingFrame = (): Uint8Array => new Uint8Array(BAND_ROWS * MAX_ROW_BYTES);

/** One bit a dot, rows from the top, the leftmost dot in the highest bit, 1 is black. */
export type Bitmap = { readonly rowBytes: number; readonly rows: number; readonly bits: Uint8Array };

/** A whole picture as GS v 0 bands, each as wide as its ink. */
export function rasterFrames(bitmap: Bitmap): Uint8Array[] {
  if (bitmap.rowBytes > MAX_ROW_BYTES) throw new Error(`a row has at most ${MAX_ROW_BYTES} bytes`);
  const frames: Uint8Array[] = [];
  for (let top = 0; top < bitmap.rows; top += BAND_ROWS) {
    frames.push(bandFrame(bitmap, top, Math.min(BAND_ROWS, bitmap.rows - top)));
  }
  return frames;
}

function bandFrame(bitmap: Bitmap, top: number, rows: number): Uint8Array {
  let width = 1;
  for (let row = top; row < top + rows; row += 1) {
    for (let column = bitmap.rowBytes - 1; column >= width; column -= 1) {
      if (bitmap.bits[row * bitmap.rowBytes + column] !== 0) width = column + 1;
    }
  }
  const frame = new Uint8Array(8 + width * rows);
  frame.set([GS, 0x76, 0x30, 0, width, 0, rows, 0]);
  for (let row = 0; row < rows; row += 1) {
    const from = (top + row) * bitmap.rowBytes;
    frame.set(bitmap.bits.subarray(from, from + width), 8 + row * width);
  }
  disarm(frame.subarray(8));
  return frame;
}

/** DLE EOT, DLE ENQ and DLE DC4 in a picture: one dot more, which nobody sees, and it is none. */
function disarm(data: Uint8Array): void {
  for (let at = 0; at + 1 < data.length; at += 1) {
    const next = data[at + 1];
    if (data[at] === DLE && (next === 0x04 || next === 0x05 || next === 0x14)) data[at] = 0x18;
  }
}

/**
 * What may be sent before the printer is asked how it is: less than the smallest receive buffer. A question may only stand between
 * commands: inside a picture a printer would take it for dots as well.
 */
export const WINDOW_BYTES = 2048;

/** Whole frames joined to pieces of a window each; a larger frame is a piece of its own. */
export function packFrames(frames: readonly Uint8Array[], limitBytes: number = WINDOW_BYTES): Uint8Array[] {
  const pieces: Uint8Array[][] = [];
  let size = 0;
  for (const frame of frames) {
    const last = pieces.at(-1);
    if (last !== undefined && size + frame.length <= limitBytes) {
      last.push(frame);
      size += frame.length;
    } else {
      pieces.push([frame]);
      size = frame.length;
    }
  }
  return pieces.map(joinFrames);
}

export function joinFrames(frames: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    joined.set(frame, at);
    at += frame.length;
  }
  return joined;
}
