/** A signed cell's file: any other byte, any other end, and it is another cell or none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { must } from '../../ledger-sync/ledger/result.ts';
import { generateKey, signerFromPem } from '../../ledger-sync/protocol/ed25519.ts';
import { canonicalJson } from './canonical-json.ts';
import { componentOf, readCellFile, signCell } from './cell-file.ts';
import { parseManifest } from './manifest.ts';

const read = parseManifest(JSON.parse(readFileSync(join(import.meta.dirname, '../../cells/cash/manifest.json'), 'utf8')));
if (!read.ok) throw new Error(read.error.detail);
const MANIFEST = read.value;
const author = signerFromPem(generateKey());

/** A component of one custom section, which is enough for a file. */
const section = (name: string, body: number[] = []): number[] => [
  0,
  name.length + 1 + body.length,
  name.length,
  ...Buffer.from(name),
  ...body,
];
const COMPONENT = Uint8Array.from([0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00, ...section('note', [1, 2, 3])]);

const signed = (component: Uint8Array = COMPONENT, manifest = MANIFEST): Uint8Array => {
  const file = signCell(component, manifest, author);
  if (!file.ok) throw new Error(file.error.detail);
  return file.value;
};
const codeOf = (bytes: Uint8Array): string => {
  const found = readCellFile(bytes);
  return found.ok ? 'read' : found.error.code;
};

describe('a signed cell', () => {
  it('is read as it was signed, and its component taken out as it went in', () => {
    const file = signed();
    const found = readCellFile(file);
    expect(found).toMatchObject({ ok: true, value: { manifest: MANIFEST, key: Buffer.from(author.publicKey).toString('hex') } });
    expect(Buffer.from(must(found, 'file').component)).toEqual(Buffer.from(COMPONENT));
    expect(componentOf(file)).toMatchObject({ ok: true });
    // The same author, the same file.
    expect(Buffer.from(signed())).toEqual(Buffer.from(file));
  });

  it('is signed anew, not twice', () => {
    expect(Buffer.from(signed(signed()))).toEqual(Buffer.from(signed()));
  });

  it('is refused cut short at every byte, and with every byte changed', () => {
    const file = signed();
    const codes = new Set<string>();
    for (let at = 0; at < file.length; at += 1) {
      expect(codeOf(file.subarray(0, at))).not.toBe('read');
      for (const change of [0x01, 0x20, 0x80, 0xff]) {
        const copy = Uint8Array.from(file);
        copy[at] = (copy[at] ?? 0) ^ change;
        codes.add(codeOf(copy));
      }
    }
    expect([...codes].toSorted()).not.toContain('read');
    expect([...codes]).toEqual(
      expect.arrayContaining(['not-a-component', 'bad-section', 'digest-mismatch', 'bad-signature', 'not-signed']),
    );
  });

  it.each<[string, () => Uint8Array, string]>([
    ['no section', () => COMPONENT, 'not-signed'],
    ['a core module', () => Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0), 'not-a-component'],
    ['nothing', () => new Uint8Array(), 'not-a-component'],
    ['something behind it', () => Buffer.concat([signed(), Uint8Array.from(section('more'))]), 'section-not-last'],
    ['two of them', () => Buffer.concat([signed(), signed().subarray(COMPONENT.length)]), 'signed-twice'],
    ['an empty one', () => Uint8Array.from([...COMPONENT, ...section('chautari-cell')]), 'bad-section'],
    ['one that is no object', () => Uint8Array.from([...COMPONENT, ...section('chautari-cell', [...Buffer.from('[]')])]), 'bad-section'],
    ['a length in more bytes than it needs', () => longer(signed()), 'bad-section'],
    ['a member more', () => respelled((members) => ({ ...members, more: 1 })), 'bad-section'],
    [
      'a manifest that it did not sign',
      () => respelled((members) => ({ ...members, manifest: { ...MANIFEST, version: '9.0.0' } })),
      'bad-signature',
    ],
    [
      'a manifest of another host',
      () => respelled((members) => ({ ...members, manifest: { ...MANIFEST, trusted: true } })),
      'bad-manifest',
    ],
    ['white space', () => respelled((members) => members, ' '), 'bad-section'],
    ['a section without end', () => Buffer.concat([COMPONENT, bigSection()]), 'too-large'],
  ])('is refused with %s', (_name, file, code) => {
    expect(codeOf(file())).toBe(code);
  });
});

/** The section's size written with a needless byte. */
function longer(file: Uint8Array): Uint8Array {
  const at = COMPONENT.length + 1;
  const low = file[at + 1] ?? 0;
  return Uint8Array.from([...file.subarray(0, at + 1), low | 0x80, 0, ...file.subarray(at + 2)]);
}

function bigSection(): Uint8Array {
  const body = Buffer.alloc(60_000, 0x20);
  body[0] = 13;
  body.write('chautari-cell', 1);
  return Buffer.concat([Uint8Array.of(0, 0xe0, 0xd4, 0x03), body]);
}

/** The file with other words in its section, the old signature kept. */
function respelled(change: (members: Record<string, unknown>) => unknown, end = ''): Uint8Array {
  const text = Buffer.from(signed().subarray(COMPONENT.length)).toString('latin1');
  const members = JSON.parse(text.slice(text.indexOf('{')));
  const body = [13, ...Buffer.from('chautari-cell'), ...Buffer.from(canonicalJson(change(members)) + end)];
  return Uint8Array.from([...COMPONENT, 0, (body.length & 0x7f) | 0x80, body.length >> 7, ...body]);
}

describe('canonical JSON', () => {
  it('has one text for a value, whatever the order of its members', () => {
    expect(canonicalJson({ b: [1, 'é"\n'], a: { d: null, c: true } })).toBe('{"a":{"c":true,"d":null},"b":[1,"é\\"\\n"]}');
  });

  it.each([[1.5], [Number.NaN], [-0], [2 ** 53], ['\ud800'], [undefined], [1n], [{ a: undefined }]])('has none for %s', (value) => {
    expect(() => canonicalJson(value)).toThrow('canonical form');
  });
});
