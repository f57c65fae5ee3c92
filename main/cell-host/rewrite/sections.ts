/** The sections of a module one after another, unread: for whoever puts whole sections together anew. A module that is cut short is a Refusal. */
import { ByteReader } from './byte-reader.ts';
import { HEADER } from './core-module.ts';

export type Section = {
  readonly id: number;
  /** What the section holds. */
  readonly body: ByteReader;
  /** The section as it stands, with its id and length. */
  readonly bytes: Uint8Array;
};

export function sectionsOf(module: Uint8Array): Section[] {
  const reader = new ByteReader(module, HEADER.length);
  const sections: Section[] = [];
  while (!reader.done) {
    const start = reader.at;
    const id = reader.byte();
    const body = reader.part(reader.u32());
    sections.push({ id, body, bytes: module.subarray(start, reader.at) });
  }
  return sections;
}
