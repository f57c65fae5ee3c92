/** What a page may reach, what a child's lines mean, and that neither can be stretched. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeLineReader } from './lines.ts';
import { isTrustedOrigin, mayNavigate, mayReach, strictPolicy, withPolicy } from './policy.ts';
import { parseReadyLine } from './ready-line.ts';

const kiosk = 'http://127.0.0.1:7070';
const waiting = 'file:///opt/chautari/waiting/';

describe('where a page may go', () => {
  it('its own origin and the waiting page', () => {
    for (const url of [`${kiosk}/kiosk/`, `${kiosk}/v1/payments?x=1`, `${waiting}waiting.html`])
      expect(mayNavigate(url, kiosk, waiting)).toBe(true);
  });

  it.each([
    'http://127.0.0.1:7071/kiosk/',
    'https://127.0.0.1:7070/kiosk/',
    'http://127.0.0.1:7070.example.com/',
    'http://127.0.0.1:7070@example.com/',
    'http://localhost:7070/',
    'file:///etc/passwd',
    'file:///opt/chautari/waiting/../secret',
    'file:///opt/chautari/waiting/deeper/page.html',
    'javascript:alert(1)',
    'data:text/html,hello',
    'blob:http://127.0.0.1:7070/1',
    'chrome://gpu',
    'about:blank',
    'nonsense',
  ])('not %s', (url) => expect(mayNavigate(url, kiosk, waiting)).toBe(false));

  it('nowhere but the waiting page before the gateway is there', () => {
    expect(mayReach(`${kiosk}/kiosk/`, undefined, waiting)).toBe(false);
    expect(mayReach(`${waiting}waiting.css`, undefined, waiting)).toBe(true);
  });

  it('pictures that it made itself', () => expect(mayReach('data:image/png;base64,AA', kiosk, waiting)).toBe(true));
});

describe('the content security policy', () => {
  it('is added where there is none and left where there is one', () => {
    expect(withPolicy({ 'Content-Type': ['text/html'] })).toEqual({
      'Content-Type': ['text/html'],
      'Content-Security-Policy': [strictPolicy],
    });
    const own = { 'content-security-policy': ["default-src 'none'"] };
    expect(withPolicy(own)).toBe(own);
    expect(withPolicy(undefined)).toEqual({ 'Content-Security-Policy': [strictPolicy] });
  });

  it('allows nothing inline', () => expect(strictPolicy).not.toContain('unsafe'));
});

describe('an origin for the kiosk', () => {
  it('is this machine, or https', () => {
    expect(['http://127.0.0.1:1', 'http://localhost:2', 'http://[::1]:3', 'https://kiosk.example'].map(isTrustedOrigin)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['http://192.168.1.5', 'http://127.0.0.1.example.com', 'ftp://localhost'].map(isTrustedOrigin)).toEqual([false, false, false]);
  });
});

describe('the ready line', () => {
  it('gives the address', () => {
    expect(parseReadyLine('{"ready":"gateway","http":"http://127.0.0.1:7070","pid":3}')).toEqual({ ok: true, value: { url: kiosk } });
  });

  it.each([
    '',
    'hello',
    '[]',
    'null',
    '{"ready":"central","http":"http://127.0.0.1:1"}',
    '{"ready":"gateway"}',
    '{"ready":"gateway","http":"http://example.com"}',
    '{"ready":"gateway","http":"x"}',
  ])('is not %j', (line) => expect(parseReadyLine(line)).toMatchObject({ ok: false }));
});

describe('lines', () => {
  const cut = (chunks: readonly string[], limit: number): string[] => {
    const lines: string[] = [];
    const reader = makeLineReader((line) => lines.push(line), limit);
    for (const chunk of chunks) reader.push(chunk);
    return lines;
  };

  it('are the same however the text arrives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 20 }).map((text) => text.replaceAll('.', '\n'))),
        fc.integer({ min: 1, max: 12 }),
        (chunks, limit) => {
          expect(cut(chunks, limit)).toEqual(cut([chunks.join('')], limit));
        },
      ),
    );
  });

  it('are cut at the limit, and what follows the cut is passed over', () => {
    expect(cut(['abcdefgh\nxy\n'], 4)).toEqual(['abcd', 'xy']);
    expect(cut(['ab', 'cd', 'ef', '\n', 'x\n'], 4)).toEqual(['abcd', 'x']);
  });
});
