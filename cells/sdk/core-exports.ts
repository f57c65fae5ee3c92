/**
 * Renames exports of a core module, in the bytes: WIT's names have hyphens, which no AssemblyScript export can have. Everything but
 * the export section is copied as it is.
 */
const EXPORT_SECTION = 7;
const HEADER_BYTES = 8;

function readUnsigned(bytes: Uint8Array, start: number): { value: number; next: number } {
  let value = 0;
  let factor = 1;
  for (let at = start; at < start + 5; at += 1) {
    const byte = bytes[at];
    if (byte === undefined) break;
    value += (byte & 0x7f) * factor;
    factor *= 0x80;
    if ((byte & 0x80) === 0) return { value, next: at + 1 };
  }
  throw new Error('the core module is cut short or has a number beyond 32 bits');
}

function writeUnsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 0x80;
    rest = Math.floor(rest / 0x80);
    bytes.push(rest > 0 ? low | 0x80 : low);
  } while (rest > 0);
  return bytes;
}

function renameSection(body: Uint8Array, names: ReadonlyMap<string, string>, renamed: Set<string>): number[] {
  const count = readUnsigned(body, 0);
  const out = writeUnsigned(count.value);
  let at = count.next;
  for (let index = 0; index < count.value; index += 1) {
    const length = readUnsigned(body, at);
    const nameEnd = length.next + length.value;
    const name = new TextDecoder().decode(body.subarray(length.next, nameEnd));
    const target = readUnsigned(body, nameEnd + 1);
    const newName = names.get(name);
    if (newName !== undefined) renamed.add(name);
    const text = new TextEncoder().encode(newName ?? name);
    out.push(...writeUnsigned(text.length), ...text, ...body.subarray(nameEnd, target.next));
    at = target.next;
  }
  return out;
}

/** A copy of the module with each export named in `names` under its new name; every one of them must be there. */
export function renameExports(module: Uint8Array, names: ReadonlyMap<string, string>): Uint8Array {
  if (names.size === 0) return module;
  const renamed = new Set<string>();
  const parts: Uint8Array[] = [module.subarray(0, HEADER_BYTES)];
  let at = HEADER_BYTES;
  while (at < module.length) {
    const length = readUnsigned(module, at + 1);
    const end = length.next + length.value;
    if (end > module.length) throw new Error('the core module is cut short');
    if (module[at] === EXPORT_SECTION) {
      const body = renameSection(module.subarray(length.next, end), names, renamed);
      parts.push(Uint8Array.from([EXPORT_SECTION, ...writeUnsigned(body.length), ...body]));
    } else {
      parts.push(module.subarray(at, end));
    }
    at = end;
  }
  const missing = [...names.keys()].filter((name) => !renamed.has(name));
  if (missing.length > 0) throw new Error(`the core module does not export ${missing.join(', ')}`);
  return new Uint8Array(Buffer.concat(parts));
}
