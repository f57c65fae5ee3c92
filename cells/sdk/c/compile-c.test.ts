import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { requireTool } from '../../../test/support/require.ts';
import { echoTests } from '../echo-suite.ts';
import { ECHO_WIT } from '../fixtures.ts';
import { resolveWorld } from '../wit/resolve.ts';
import { compileC } from './compile-c.ts';
import { generateC } from './generate-c.ts';

const CELL_WIT = readFileSync(join(import.meta.dirname, '../../wit/cell.wit'), 'utf8');
const clang = requireTool('clang') !== undefined && requireTool('wasm-ld') !== undefined;

const ECHO_C = `
#include <chautari/cell.h>

cell_list_everything_t cell_echo_everything(const cell_everything_t *x) {
  cell_everything_t *both = cell_allocate(2 * sizeof *x, _Alignof(cell_everything_t));
  both[0] = *x;
  both[1] = *x;
  return cell_mirror_reflect((cell_list_everything_t){both, 2});
}
cell_shape_t cell_turn(const cell_shape_t *x, const cell_option_u64_t *y, const cell_result_f64_u32_t *z) {
  return cell_mirror_turn(x, y, z);
}
cell_colour_t cell_shade(cell_colour_t x) { return cell_mirror_shade(x); }
bool cell_remove(bool x, int8_t y, float z) { return cell_mirror_delete(x, y, z); }
cell_small_t cell_shrink(const cell_small_t *x) { return cell_mirror_shrink(x); }
cell_result_nothing_nothing_t cell_check_nothing(const cell_result_nothing_nothing_t *x) { return cell_mirror_check(x); }
cell_option_point_t cell_place(const cell_point_t *x) { return cell_mirror_place(x); }
`;

describe.skipIf(!clang)('generated C', () => {
  echoTests(async (world) => compileC('echo', new Map([['cell.c', ECHO_C]]), world, 16), 'utf8');

  it('gives the same bytes twice, and says what the compiler says', () => {
    const world = resolveWorld(ECHO_WIT, 'echo');
    const sources = new Map([['cell.c', ECHO_C]]);
    expect(compileC('echo', sources, world, 16)).toEqual(compileC('echo', sources, world, 16));
    expect(() => compileC('echo', new Map([['cell.c', 'nonsense']]), world, 16)).toThrow(
      /the cell echo does not compile:\n[\s\S]*src\/cell\.c:1:1: error/,
    );
  });

  it('compiles against every world of the contract', () => {
    const telemetry = `#include <chautari/cell.h>
cell_result_u64_string_t cell_process_telemetry(cell_string_t device_id, uint64_t metric) {
  return (cell_result_u64_string_t){.value = metric + device_id.bytes};
}
cell_result_u32_string_t cell_queue_reconciliation(cell_string_t device_id) {
  return (cell_result_u32_string_t){.is_error = true, .error = device_id};
}`;
    const decision = `#include <chautari/cell.h>
cell_result_decision_string_t cell_decide_reading(const cell_reading_t *reading) {
  cell_decision_t decision = {.command = cell_text("go"), .argument = reading->value};
  return (cell_result_decision_string_t){.value = decision};
}`;
    for (const [world, source] of [
      ['telemetry-cell', telemetry],
      ['decision-cell', decision],
    ] as const) {
      expect(compileC('x', new Map([['cell.c', source]]), resolveWorld(CELL_WIT, world), 4).length).toBeLessThan(4096);
    }
  });
});

it('refuses an import with too many parameters, with its line', () => {
  const fields = Array.from({ length: 17 }, (_unused, index) => `p${index}: u8`).join(', ');
  const wit = `package a:b@0.1.0;\ninterface i {\n f: func(${fields});\n}\nworld w { import i; }`;
  expect(() => generateC(resolveWorld(wit, 'w'))).toThrow('line 3: f takes more parameters');
});

it('names what C could not', () => {
  const wit = 'package a:b@0.1.0;\nworld w { record case { default: u8 } export switch: func(x: case) -> u8; }';
  const { header } = generateC(resolveWorld(wit, 'w'));
  expect(header).toContain('uint8_t default_;');
  expect(header).toContain('uint8_t cell_switch(const cell_case_t *x);');
});
