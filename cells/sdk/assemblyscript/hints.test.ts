import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileCell } from '../compile.ts';
import { resolveWorld } from '../wit/resolve.ts';

const world = resolveWorld(readFileSync(join(import.meta.dirname, '../../wit/cell.wit'), 'utf8'), 'payment-cell');

const cell = (body: string, more = ''): string => `${more}
import { Approval, Decline, Payment, Result, state } from './sdk/bindings';
import { dayInNepal, fieldOf, keepText, keptText } from './sdk/rules';
export function decide(payment: Payment): Result<Approval, Decline> {
  ${body}
  return Result.err<Approval, Decline>(Decline.invalid('x'));
}
`;

function compiled(source: string): Promise<Uint8Array> {
  return compileCell('hinted', new Map([['cell.ts', source]]), world, 4);
}

describe('what is said of a habit of TypeScript', () => {
  it.each([
    [`const route = fieldOf(payment, 'route') ?? '';`, 'compare with null'],
    ['const { account } = payment;', 'name each'],
    [`if (payment.amount > 5) return Result.err(Decline.invalid('y'));`, 'Result.err<Approval, Decline>(...)'],
    ['const more = [1, 2].map(x => x + 1);', 'write out the types'],
    [`try { keepText('a', 'b'); } catch (e) {}`, 'answer with a Decline'],
    ['const prices: Record<string, u64> = {};', 'a Map<string, u64>'],
    [`const route: string = fieldOf(payment, 'route');`, 'it may be null'],
    [`state.set('a', 'b');`, 'keepText'],
    [`console.log('hi');`, 'a cell prints nothing'],
    [`keepText('a', Math.random().toString());`, 'leave Math.random out'],
    [`keepText('a', Date.now().toString());`, 'payment.at'],
  ])('%s', async (line, hint) => {
    await expect(compiled(cell(line))).rejects.toThrow(hint);
  });

  it('of a package, and of a cell that decides nothing', async () => {
    await expect(compiled(cell('', "import lodash from 'lodash';"))).rejects.toThrow('nothing of npm');
    await expect(compiled(cell('').replace('export function decide', 'function decide'))).rejects.toThrow('export function decide(payment');
  });

  it('nothing where the compiler is plain', async () => {
    await expect(compiled(cell('const twice = payment.amounts;'))).rejects.toThrow(/amounts(?!.*AssemblyScript is not)/s);
  });

  it('and the helpers for text and days compile', async () => {
    const body = `const kept = keptText('a'); keepText('a', (kept === null ? '' : kept) + dayInNepal(payment.at).toString());`;
    expect(WebAssembly.validate((await compiled(cell(body))).slice())).toBe(true);
  });
});
