/** What the parser reads: a WIT document as it is written, names not yet resolved. */

export const PRIMITIVES = ['bool', 'u8', 'u16', 'u32', 'u64', 's8', 's16', 's32', 's64', 'f32', 'f64', 'char', 'string'] as const;
export type PrimitiveName = (typeof PRIMITIVES)[number];

export type SyntaxType =
  | { kind: 'primitive'; name: PrimitiveName }
  | { kind: 'list'; element: SyntaxType }
  | { kind: 'option'; some: SyntaxType }
  | { kind: 'result'; ok: SyntaxType | undefined; error: SyntaxType | undefined }
  | { kind: 'named'; name: string; line: number };

export type SyntaxField = { name: string; type: SyntaxType };
export type SyntaxCase = { name: string; type: SyntaxType | undefined };

export type SyntaxDefinition =
  | { kind: 'record'; name: string; line: number; fields: SyntaxField[] }
  | { kind: 'variant'; name: string; line: number; cases: SyntaxCase[] }
  | { kind: 'enum'; name: string; line: number; cases: string[] }
  | { kind: 'alias'; name: string; line: number; target: SyntaxType };

export type SyntaxFunction = { name: string; line: number; parameters: SyntaxField[]; result: SyntaxType | undefined };

/** `use types.{payment as p}` makes `p` here stand for `payment` of the interface `types`. */
export type SyntaxUse = { interfaceName: string; name: string; localName: string; line: number };

export type SyntaxInterface = {
  name: string;
  line: number;
  definitions: SyntaxDefinition[];
  uses: SyntaxUse[];
  functions: SyntaxFunction[];
};

export type SyntaxWorld = {
  name: string;
  line: number;
  definitions: SyntaxDefinition[];
  uses: SyntaxUse[];
  imports: { interfaceName: string; line: number }[];
  exports: SyntaxFunction[];
};

export type SyntaxDocument = {
  package: { namespace: string; name: string; version: string };
  interfaces: SyntaxInterface[];
  worlds: SyntaxWorld[];
};
