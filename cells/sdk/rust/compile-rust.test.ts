import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireTool } from '../../../test/support/require.ts';
import { echoTests } from '../echo-suite.ts';
import { ECHO_WIT } from '../fixtures.ts';
import { resolveWorld } from '../wit/resolve.ts';
import { compileRust } from './compile-rust.ts';
import { generateRust } from './generate-rust.ts';

const CELL_WIT = readFileSync(join(import.meta.dirname, '../../wit/cell.wit'), 'utf8');
const rustc = requireTool('rustc-wasm32') !== undefined;

const ECHO_RUST = `
use crate::bindings::{mirror, Colour, Everything, Point, Shape, Small};

pub fn echo_everything(x: Everything) -> Vec<Everything> {
    mirror::reflect(&[x.clone(), x])
}
pub fn turn(x: Shape, y: Option<u64>, z: Result<f64, u32>) -> Shape {
    mirror::turn(&x, &y, &z)
}
pub fn shade(x: Colour) -> Colour {
    mirror::shade(x)
}
pub fn remove(x: bool, y: i8, z: f32) -> bool {
    mirror::delete(x, y, z)
}
pub fn shrink(x: Small) -> Small {
    mirror::shrink(&x)
}
pub fn check_nothing(x: Result<(), ()>) -> Result<(), ()> {
    mirror::check(&x)
}
pub fn place(x: Point) -> Option<Point> {
    mirror::place(&x)
}
`;

describe.skipIf(!rustc)('generated Rust', () => {
  echoTests(async (world) => compileRust('echo', new Map([['cell.rs', ECHO_RUST]]), world, 32), 'utf8');

  it('gives the same bytes twice, and says what the compiler says', () => {
    const world = resolveWorld(CELL_WIT, 'decision-cell');
    const source = `use crate::bindings::{Decision, Reading};
pub fn decide_reading(reading: Reading) -> Result<Decision, String> {
    Ok(Decision { anomaly: None, command: reading.kind, argument: -reading.value })
}`;
    const sources = new Map([['cell.rs', source]]);
    expect(compileRust('x', sources, world, 32)).toEqual(compileRust('x', sources, world, 32));
    expect(() => compileRust('x', new Map([['cell.rs', 'nonsense']]), world, 32)).toThrow(
      /the cell x does not compile:\n[\s\S]*src\/cell\.rs:1:1/,
    );
  });
});

it('refuses an import with too many parameters, with its line', () => {
  const fields = Array.from({ length: 17 }, (_unused, index) => `p${index}: u8`).join(', ');
  const wit = `package a:b@0.1.0;\ninterface i {\n f: func(${fields});\n}\nworld w { import i; }`;
  expect(() => generateRust(resolveWorld(wit, 'w'))).toThrow('line 3: f takes more parameters');
});

it('names what Rust could not', () => {
  const wit = 'package a:b@0.1.0;\nworld w { record match { type: u8 } export move: func(x: match) -> u8; }';
  const text = generateRust(resolveWorld(wit, 'w'));
  expect(text).toContain('pub type_: u8,');
  expect(text).toContain('crate::cell::move_(');
  expect(
    resolveWorld(ECHO_WIT, 'echo').exports.every((found) => generateRust(resolveWorld(ECHO_WIT, 'echo')).includes(`"${found.name}"`)),
  ).toBe(true);
});
