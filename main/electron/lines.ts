/**
 * Cuts a stream of text into lines of bounded length. A line that is longer is given once, cut at the limit; the rest of it is passed
 * over, so that a child that writes without end costs no more memory than one line.
 */
export const lineLimit = 4_096;

export type LineReader = { readonly push: (text: string) => void };

export const makeLineReader = (onLine: (line: string) => void, limit: number = lineLimit): LineReader => {
  let held = '';
  let isPassing = false;
  const add = (text: string): void => {
    if (isPassing) return;
    held += text.slice(0, limit - held.length);
    if (held.length < limit) return;
    onLine(held);
    held = '';
    isPassing = true;
  };
  const end = (): void => {
    if (!isPassing) onLine(held);
    held = '';
    isPassing = false;
  };
  return {
    push: (text) => {
      const parts = text.split('\n');
      parts.forEach((part, index) => {
        add(part);
        if (index < parts.length - 1) end();
      });
    },
  };
};
