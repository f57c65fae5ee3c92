/** A world that uses every type of the subset in every place: what tests of the generator build and call. */

export const ECHO_WIT = `package chautari:echo@0.1.0;

interface shapes {
  enum colour { red, light-green, blue }
  record point { x: s32, y: f64, tag: option<string> }
  variant shape { nothing, number(u64), ratio(f32), text(string), at(point), many(list<point>), hue(colour), maybe(option<u8>) }
  record small { only: u16 }
  record everything {
    a: bool, b: u8, c: s8, d: u16, e: s16, f: u32, g: s32, h: u64, i: s64, j: f32, k: f64, l: char, m: string,
    n: list<u8>, o: list<string>, p: option<u64>, q: option<option<string>>, r: result<u8, string>, s: result, t: colour, u: shape,
    v: list<option<shape>>, w: small,
  }
}

interface mirror {
  use shapes.{everything, shape, colour, point, small};
  reflect: func(x: everything-list) -> list<everything>;
  type everything-list = list<everything>;
  turn: func(x: shape, y: option<u64>, z: result<f64, u32>) -> shape;
  shade: func(x: colour) -> colour;
  delete: func(x: bool, y: s8, z: f32) -> bool;
  shrink: func(x: small) -> small;
  check: func(x: result) -> result;
  place: func(x: point) -> option<point>;
}

world echo {
  use shapes.{everything, shape, colour, point, small};
  import mirror;
  export echo-everything: func(x: everything) -> list<everything>;
  export turn: func(x: shape, y: option<u64>, z: result<f64, u32>) -> shape;
  export shade: func(x: colour) -> colour;
  export remove: func(x: bool, y: s8, z: f32) -> bool;
  export shrink: func(x: small) -> small;
  export check-nothing: func(x: result) -> result;
  export place: func(x: point) -> option<point>;
}
`;

export const ECHO_CELL = `
import { Everything, mirror, Point, Result, Shape, Small } from './sdk/bindings';

export function echoEverything(x: Everything): Array<Everything> {
  return mirror.reflect([x, x]);
}
export function turn(x: Shape, y: sdk.Box<u64> | null, z: Result<f64, u32>): Shape {
  return mirror.turn(x, y, z);
}
export function shade(x: i32): i32 {
  return mirror.shade(x);
}
export function remove(x: bool, y: i8, z: f32): bool {
  return mirror.delete_(x, y, z);
}
export function shrink(x: Small): Small {
  return mirror.shrink(x);
}
export function checkNothing(x: Result<bool, bool>): Result<bool, bool> {
  return mirror.check(x);
}
export function place(x: Point): Point | null {
  return mirror.place(x);
}
`
  .replace('sdk.Box', 'Box')
  .replace('import { Everything', 'import { Box, Everything');
