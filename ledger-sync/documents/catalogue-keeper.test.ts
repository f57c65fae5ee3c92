/** Two keepers, each over a shelf that can fail: nothing is told that is not kept, and nothing grows past its limit. */
import { beforeEach, describe, expect, it } from 'vitest';
import { parseGatewayId } from '../ledger/ids.ts';
import { err, must, ok, type Result } from '../ledger/result.ts';
import type { CatalogueItem } from './catalogue.ts';
import { CatalogueKeeper, type Durable, type Limits, type Shelf } from './catalogue-keeper.ts';

const gateway = must(parseGatewayId('syabru'), 'gateway');
const up = { gateway, direction: 'up' } as const;
const down = { gateway, direction: 'down' } as const;
const item = (id: string, price = '500'): CatalogueItem => ({
  id,
  name: { en: id, ne: id },
  unit: { en: '1', ne: '१' },
  price,
  category: 'tea',
  icon: 'cup',
});

class MemoryShelf implements Shelf<'full'> {
  document: Durable | undefined;
  readonly acknowledged = new Map<string, Uint8Array>();
  refuses: 'no' | 'returns' | 'throws' = 'no';

  async load() {
    return { document: this.document, acknowledged: this.acknowledged };
  }
  async save(document: Durable): Promise<Result<void, 'full'>> {
    if (this.refuses === 'throws') throw new Error('the disk is gone');
    if (this.refuses === 'returns') return err('full');
    this.document = document;
    return ok(undefined);
  }
  async saveAcknowledged(of: string, heads: Uint8Array): Promise<Result<void, 'full'>> {
    this.acknowledged.set(of, heads);
    return ok(undefined);
  }
}

let shelf: MemoryShelf;
let lives = 0;
const keeperOver = (over: MemoryShelf, limits?: Limits) => new CatalogueKeeper(over, (++lives).toString(16).padStart(32, '0'), limits);
const idsOf = async (keeper: CatalogueKeeper<'full'>) => (await keeper.read()).items.map(({ id }) => id);
beforeEach(() => {
  shelf = new MemoryShelf();
});

describe('a kept catalogue', () => {
  it.each(['returns', 'throws'] as const)('that cannot be kept (the shelf %s) is as it was, and goes on when it can', async (how) => {
    const keeper = keeperOver(shelf);
    must(await keeper.edit({ items: [item('tea')] }, 1), 'edit');
    shelf.refuses = how;
    const edited = keeper.edit({ items: [item('salt')] }, 2);
    if (how === 'throws') await expect(edited).rejects.toThrow('the disk is gone');
    else expect(await edited).toEqual(err('full'));
    expect(await keeper.read()).toMatchObject({ items: [{ id: 'tea' }], changedAtMs: 1 });
    shelf.refuses = 'no';
    expect(must(await keeper.edit({ items: [item('salt')] }, 3), 'edit').items.map(({ id }) => id)).toEqual(['salt', 'tea']);
  });

  it('says again to a peer what it has not acknowledged, in another life too, and nothing once it has', async () => {
    const office = keeperOver(shelf);
    const box = keeperOver(new MemoryShelf());
    must(await office.edit({ items: [item('tea')] }, 1), 'edit');
    const [told] = await keeperOver(shelf).pending(down);
    if (told === undefined) throw new Error('nothing to say');
    const { changed, reply } = await box.receive(told, up, 2);
    expect(changed).toBe(true);
    expect(await idsOf(box)).toEqual(['tea']);
    if (reply === undefined) throw new Error('not acknowledged');
    expect(await office.receive(reply, down, 3)).toMatchObject({ changed: false });
    expect(await office.pending(down)).toEqual([]);
    expect(await keeperOver(shelf).pending(down)).toEqual([]);
  });

  it('I13: refuses an edit past its limit; what a peer flooded it with is not let in, and nothing was', async () => {
    const keeper = keeperOver(shelf);
    must(await keeper.edit({ items: [item('tea')] }, 1), 'edit');
    const bytes = shelf.document?.bytes.length ?? 0;
    const tight = keeperOver(shelf, { editedBytes: bytes, mergedBytes: bytes });
    expect(await tight.edit({ items: [item('salt')] }, 2)).toMatchObject({ ok: false, error: { code: 'too-large' } });
    expect(await idsOf(tight)).toEqual(['tea']);
    const flood = keeperOver(new MemoryShelf());
    must(await flood.edit({ items: Array.from({ length: 40 }, (_, index) => item(`f-${index}`)) }, 2), 'edit');
    const [told] = await flood.pending(up);
    if (told === undefined) throw new Error('nothing to say');
    expect(await tight.receive(told, down, 3)).toEqual({ changed: false, reply: undefined });
    expect(await idsOf(tight)).toEqual(['tea']);
    expect(shelf.document?.changedAtMs).toBe(1);
    // A wider one takes both in.
    expect(await keeperOver(shelf).receive(told, down, 4)).toMatchObject({ changed: true });
  });
});
