/**
 * A cell as one file: a component with one last custom section `chautari-cell`, the canonical JSON of manifest, digest of the component
 * without that section, author's key and signature. Any runtime takes it as the component that it is.
 * Invariant: a file of another byte anywhere is another cell or none: everything but the section is under the digest, and the section
 * has one spelling.
 */

import { err, ok, type Result } from '../../ledger-sync/ledger/result.ts';
import { verify } from '../../ledger-sync/protocol/ed25519.ts';
import { sha256Hex } from '../../ledger-sync/protocol/sha256.ts';
import type { Signer } from '../../ledger-sync/protocol/signing.ts';
import { canonicalJson } from './canonical-json.ts';
import { LIMITS } from './limits.ts';
import { type CellManifest, type ManifestFault, parseManifest } from './manifest.ts';
import { asResult, readersOf } from './strict-json.ts';

export type CellFileFault = {
  readonly code:
    | ManifestFault['code']
    | 'too-large'
    | 'not-a-component'
    | 'not-signed'
    | 'signed-twice'
    | 'section-not-last'
    | 'bad-section'
    | 'digest-mismatch'
    | 'bad-signature';
  readonly detail: string;
};

export type CellFile = {
  readonly manifest: CellManifest;
  /** SHA-256 of the component, hex: what a version is known by. */
  readonly digest: string;
  /** The author's Ed25519 key, hex. Whether it is trusted is not this module's to say. */
  readonly key: string;
  readonly component: Uint8Array;
};

const SECTION = 'chautari-cell';
const CUSTOM = 0;
/** `\0asm`, layer 1 (a component), version 13. */
const HEADER = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x0d, 0x00, 0x01, 0x00);
const DOMAIN = 'chautari cell, version 1\n';
const SECTION_BYTES_MAX = LIMITS.manifestBytesMax + 1024;

function fault(code: CellFileFault['code'], detail: string): { readonly ok: false; readonly error: CellFileFault } {
  return err({ code, detail });
}

/** A 32-bit number and where it ends; undefined where it is cut short or too large. */
function readUnsigned(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let index = 0; index < 5; index += 1) {
    const byte = bytes[start + index];
    if (byte === undefined) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * index);
    if ((byte & 0x80) === 0) return value > 0xffff_ffff ? undefined : { value, end: start + index + 1 };
  }
  return undefined;
}

function writeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return [...bytes, rest];
}

function sectionOf(text: string): Uint8Array {
  const name = Buffer.from(SECTION);
  const body = Buffer.concat([Uint8Array.from(writeUnsigned(name.length)), name, Buffer.from(text)]);
  return Buffer.concat([Uint8Array.of(CUSTOM), Uint8Array.from(writeUnsigned(body.length)), body]);
}

type Split = { readonly component: Uint8Array; readonly section: Uint8Array; readonly text: string };

/** Walks the outer sections; what lies inside them is not looked at. */
function split(bytes: Uint8Array): Result<Split, CellFileFault> {
  if (bytes.length > LIMITS.componentBytesMax) return fault('too-large', `the file is larger than ${LIMITS.componentBytesMax} bytes`);
  if (HEADER.some((byte, index) => bytes[index] !== byte)) return fault('not-a-component', 'the file is not a WebAssembly component');
  let found: Split | undefined;
  for (let start = HEADER.length; start < bytes.length; ) {
    const size = readUnsigned(bytes, start + 1);
    const end = size === undefined ? undefined : size.end + size.value;
    if (size === undefined || end === undefined || end > bytes.length) return fault('not-a-component', 'the file is cut short or damaged');
    if (bytes[start] === CUSTOM) {
      const name = readUnsigned(bytes, size.end);
      const nameEnd = name === undefined ? undefined : name.end + name.value;
      if (name === undefined || nameEnd === undefined || nameEnd > end) return fault('not-a-component', 'a custom section has no name');
      if (Buffer.from(bytes.subarray(name.end, nameEnd)).equals(Buffer.from(SECTION))) {
        if (found !== undefined) return fault('signed-twice', `the file has two sections ${SECTION}`);
        if (end - nameEnd > SECTION_BYTES_MAX)
          return fault('too-large', `the section ${SECTION} is larger than ${SECTION_BYTES_MAX} bytes`);
        const text = Buffer.from(bytes.subarray(nameEnd, end)).toString('utf8');
        found = { component: bytes.subarray(0, start), section: bytes.subarray(start, end), text };
        start = end;
        continue;
      }
    }
    if (found !== undefined) return fault('section-not-last', `something follows the section ${SECTION}`);
    start = end;
  }
  return found === undefined ? fault('not-signed', `the file has no section ${SECTION}: chautari cell sign FILE --key KEY`) : ok(found);
}

/** The component itself, whether it is signed or not; an earlier signature is taken off. */
export function componentOf(bytes: Uint8Array): Result<Uint8Array, CellFileFault> {
  const parts = split(bytes);
  if (parts.ok) return ok(parts.value.component);
  return parts.error.code === 'not-signed' ? ok(bytes) : parts;
}

const signedText = (digest: string, manifest: CellManifest): Uint8Array => Buffer.from(`${DOMAIN}${digest}\n${canonicalJson(manifest)}`);

const { text, object } = readersOf('bad-section');
const HEX_32 = /^[0-9a-f]{64}$/;
const HEX_64 = /^[0-9a-f]{128}$/;

function parseSection(parts: Split): Result<{ manifest: unknown; digest: string; key: string; signature: string }, CellFileFault> {
  let value: unknown;
  try {
    value = JSON.parse(parts.text);
    if (Buffer.compare(sectionOf(canonicalJson(value)), parts.section) !== 0) throw new TypeError('not canonical');
  } catch {
    return fault('bad-section', `the section ${SECTION} is not canonical JSON`);
  }
  return asResult(() => {
    const members = object(value, SECTION, ['manifest', 'digest', 'key', 'signature']);
    return {
      manifest: members.manifest,
      digest: text(members.digest, 'digest', HEX_32),
      key: text(members.key, 'key', HEX_32),
      signature: text(members.signature, 'signature', HEX_64),
    };
  });
}

/** Reads a signed file and checks that its author signed exactly this. */
export function readCellFile(bytes: Uint8Array): Result<CellFile, CellFileFault> {
  const parts = split(bytes);
  if (!parts.ok) return parts;
  const section = parseSection(parts.value);
  if (!section.ok) return section;
  const manifest = parseManifest(section.value.manifest);
  if (!manifest.ok) return manifest;
  const { digest, key, signature } = section.value;
  const { component } = parts.value;
  const found = sha256Hex(component);
  if (found !== digest)
    return fault(
      'digest-mismatch',
      `the file was changed or damaged after it was signed: have it brought again (its component has the digest ${found}, its signature is about ${digest})`,
    );
  if (!verify(Buffer.from(key, 'hex'), signedText(digest, manifest.value), Buffer.from(signature, 'hex'))) {
    return fault('bad-signature', `this is not signed by the key ${key}, which it names`);
  }
  return ok({ manifest: manifest.value, digest, key, component });
}

/** The file that an author gives away. A component that was signed already is signed anew. */
export function signCell(bytes: Uint8Array, manifest: CellManifest, signer: Signer): Result<Uint8Array, CellFileFault> {
  const component = componentOf(bytes);
  if (!component.ok) return component;
  const digest = sha256Hex(component.value);
  const signature = Buffer.from(signer.sign(signedText(digest, manifest))).toString('hex');
  const key = Buffer.from(signer.publicKey).toString('hex');
  const signed = Buffer.concat([component.value, sectionOf(canonicalJson({ manifest, digest, key, signature }))]);
  return signed.length > LIMITS.componentBytesMax
    ? fault('too-large', `the file is larger than ${LIMITS.componentBytesMax} bytes`)
    : ok(signed);
}
