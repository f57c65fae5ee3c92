import { describe, expect, it } from 'vitest';
import { ECHO_WIT } from '../../cells/sdk/fixtures.ts';
import { resolveWorld } from '../../cells/sdk/wit/resolve.ts';
import { bytesToJson, valueFromJson, valueToJson } from './wit-json.ts';

const world = resolveWorld(ECHO_WIT, 'echo');
function typeOf(functionName: string, parameter: number) {
  const found = world.exports.find(({ name }) => name === functionName)?.parameters[parameter];
  if (found === undefined) throw new Error(functionName);
  return found.type;
}

describe('values as JSON', () => {
  it('come back as they were', () => {
    const json = {
      ...{ a: true, b: 255, c: -128, d: 65_535, e: -1, f: 4_294_967_295, g: -5, h: '18446744073709551615', i: '-9223372036854775808' },
      ...{ j: 1.5, k: 0.25, l: 'क', m: 'text', n: { hex: '00ff' }, o: ['', 'a'], p: '7', q: null, r: { error: 'no' }, s: { ok: null } },
      ...{ t: 'light-green', u: { tag: 'many', val: [{ x: 1, y: 2, tag: null }] }, v: [null, { tag: 'nothing' }], w: { only: 9 } },
    };
    const value = valueFromJson(typeOf('echo-everything', 0), json, 'x') as Record<string, unknown>;
    expect(value.h).toBe(2n ** 64n - 1n);
    expect(value.n).toEqual(Uint8Array.of(0, 255));
    expect(value.r).toEqual({ tag: 'err', val: 'no' });
    expect(valueToJson(typeOf('echo-everything', 0), value)).toEqual(json);
  });

  it('show bytes as text where they are text', () => {
    expect(bytesToJson(new TextEncoder().encode('नमस्ते 12'))).toBe('नमस्ते 12');
    expect(bytesToJson(Uint8Array.of(0x80))).toEqual({ hex: '80' });
    expect(bytesToJson(Uint8Array.of(10))).toEqual({ hex: '0a' });
  });

  it.each<[string, number, unknown, string]>([
    ['remove', 1, 128, 'x must be a whole number that fits into s8'],
    ['remove', 1, 'one', 'x must be a whole number, as digits in quotes'],
    ['remove', 0, 1, 'x must be true or false'],
    ['shade', 0, 'pink', 'x must be one of red, light-green, blue'],
    ['turn', 0, { tag: 'square' }, 'x.tag must be one of nothing, number'],
    ['turn', 0, { tag: 'many', val: 1 }, 'x.val must be a list'],
    ['place', 0, { x: 1, y: 2, z: 3 }, 'x.z must be left out: there are x, y, tag'],
    ['place', 0, [], 'x must be an object'],
    ['shrink', 0, { only: 65_536 }, 'x.only must be a whole number that fits into u16'],
  ])('that are wrong for %s are named', (name, parameter, json, message) => {
    expect(() => valueFromJson(typeOf(name, parameter), json, 'x')).toThrow(message);
  });
});
