/** Two sides of a document over a pipe that loses, repeats and reorders; what is worth keeping is kept on both. */
import * as automerge from '@automerge/automerge';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseGatewayId } from '../ledger/ids.ts';
import { must } from '../ledger/result.ts';
import type { DocumentMessage } from '../protocol/document-message.ts';
import { CatalogueDocument, type CatalogueItem } from './catalogue.ts';
import { advance, headsFromBytes, headsToBytes, pendingFor, receive, same } from './exchange.ts';

const gateway = must(parseGatewayId('syabru'), 'gateway');
const up = { gateway, direction: 'up' } as const;
const down = { gateway, direction: 'down' } as const;

const item = (id: string, price = '11000'): CatalogueItem => ({
  id,
  name: { en: id, ne: 'चामल' },
  unit: { en: '1 kg', ne: '१ केजी' },
  price,
  category: 'grain',
  icon: 'wheat',
});

const two = async () => ({
  box: await CatalogueDocument.load(undefined, '11'.repeat(16)),
  office: await CatalogueDocument.load(undefined, '22'.repeat(16)),
});

/** Passes messages back and forth until both are silent; returns how many went over. */
function settle(box: CatalogueDocument, office: CatalogueDocument): number {
  const first = pendingFor(box, up, []);
  let count = 0;
  let message: DocumentMessage | undefined = first;
  while (message !== undefined) {
    if (++count > 10) throw new Error('they never stop talking');
    message = message.direction === 'up' ? receive(office, down, message)?.reply : receive(box, up, message)?.reply;
  }
  return count;
}

describe('the catalogue document', () => {
  it('merges what both sides changed while they were apart, member by member', async () => {
    const { box, office } = await two();
    must(office.edit({ items: [item('rice'), item('sugar')] }), 'edit');
    settle(box, office);
    must(box.edit({ items: [{ id: 'rice', price: '12000' }] }), 'edit at the box');
    must(
      office.edit({ items: [{ id: 'rice', name: { en: 'Jira rice', ne: 'जिरा' } }, item('salt')], remove: ['sugar'] }),
      'edit at the office',
    );
    settle(box, office);
    for (const side of [box, office]) {
      expect(side.items().map(({ id }) => id)).toEqual(['rice', 'salt']);
      expect(side.items()[0]).toMatchObject({ price: '12000', name: { en: 'Jira rice', ne: 'जिरा' } });
    }
    expect(same(box.heads(), office.heads())).toBe(true);
  });

  it('keeps items of two sides that never shared anything but the first change', async () => {
    const { box, office } = await two();
    must(box.edit({ items: [item('tea')] }), 'edit');
    must(office.edit({ items: [item('milk')] }), 'edit');
    settle(box, office);
    expect(box.items().map(({ id }) => id)).toEqual(['milk', 'tea']);
    expect(office.items()).toEqual(box.items());
  });

  it('refuses an item without a price, an id with capitals, and removing what is not there; nothing changes', async () => {
    const { box } = await two();
    const before = box.heads();
    expect(box.edit({ items: [{ id: 'rice', name: { en: 'Rice', ne: 'चामल' } }] })).toMatchObject({
      ok: false,
      error: { code: 'bad-item' },
    });
    expect(box.edit({ items: [item('Rice')] })).toMatchObject({ ok: false, error: { code: 'bad-item' } });
    expect(box.edit({ items: [item('rice', '0')] })).toMatchObject({ ok: false, error: { code: 'bad-item' } });
    expect(box.edit({ remove: ['rice'] })).toMatchObject({ ok: false, error: { code: 'unknown-item' } });
    expect(box.edit({ items: [item('__proto__')] })).toMatchObject({ ok: false });
    expect(box.heads()).toEqual(before);
  });

  it('refuses an item whose text a printer would obey, that is too long, or whose price leaves 64 bits; from the wire it is left out', async () => {
    const { box, office } = await two();
    const bad = [
      { ...item('rice'), name: { en: 'Rice\u001b@', ne: 'चामल' } },
      { ...item('rice'), unit: { en: '1 kg\n', ne: '१ केजी' } },
      { ...item('rice'), name: { en: 'x'.repeat(61), ne: 'चामल' } },
      { ...item('rice'), icon: 'x'.repeat(25) },
      item('rice', '9223372036854775808'),
    ];
    for (const one of bad) expect(office.edit({ items: [one] })).toMatchObject({ ok: false, error: { code: 'bad-item' } });
    const stranger = automerge.load<{ items: Record<string, unknown> }>(office.save());
    const written = automerge.change(stranger, (draft) => {
      for (const [index, { id: _id, ...members }] of bad.entries()) draft.items[`bad-${index}`] = members;
      draft.items.salt = { ...item('salt') };
    });
    expect(box.merge(automerge.getChanges(stranger, written))).toBe(true);
    expect(box.items().map(({ id }) => id)).toEqual(['salt']);
  });

  it('drops bytes that are no changes and stays as it was', async () => {
    const { box } = await two();
    must(box.edit({ items: [item('rice')] }), 'edit');
    const before = box.items();
    const message: DocumentMessage = { ...down, name: 'catalogue', since: [], heads: [], changes: [new Uint8Array([1, 2, 3])] };
    expect(receive(box, up, message)).toBeUndefined();
    expect(box.items()).toEqual(before);
  });

  it('what a peer has acknowledged is not taken back by an older message', async () => {
    const { box, office } = await two();
    must(box.edit({ items: [item('rice')] }), 'edit');
    const first = box.heads();
    must(box.edit({ items: [item('salt')] }), 'edit');
    const second = box.heads();
    expect(advance(box, first, second)).toEqual(second);
    expect(advance(box, second, first)).toEqual(second);
    expect(advance(box, second, [])).toEqual(second);
    must(office.edit({ items: [item('milk')] }), 'edit');
    const apart = office.heads();
    settle(box, office);
    // Told apart from each other, the two are all that there is.
    expect(advance(box, second, apart)).toEqual(box.heads());
    must(box.edit({ items: [item('tea')] }), 'edit');
    expect([...advance(box, second, apart)].sort()).toEqual([...second, ...apart].sort());
    expect(advance(office, ['0'.repeat(64)], apart)).toEqual(apart);
  });

  it('survives saving and loading under another actor', async () => {
    const { box } = await two();
    must(box.edit({ items: [item('rice')] }), 'edit');
    const again = await CatalogueDocument.load(box.save(), '33'.repeat(16));
    must(again.edit({ items: [{ id: 'rice', price: '1' }] }), 'edit');
    expect(again.items()[0]?.price).toBe('1');
    expect(headsFromBytes(headsToBytes(again.heads()))).toEqual(again.heads());
  });

  it('comes together from any loss, repetition and order of messages', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ side: fc.boolean(), id: fc.constantFrom('a', 'b', 'c'), price: fc.integer({ min: 1, max: 999 }), fate: fc.nat(3) }),
          { maxLength: 12 },
        ),
        async (steps) => {
          const { box, office } = await two();
          const pipe: DocumentMessage[] = [];
          let seenByOffice: readonly string[] = [];
          let seenByBox: readonly string[] = [];
          const deliver = (message: DocumentMessage): void => {
            const isUp = message.direction === 'up';
            const got = isUp ? receive(office, down, message) : receive(box, up, message);
            if (got === undefined) return;
            if (isUp) seenByBox = got.acknowledged;
            else seenByOffice = got.acknowledged;
            if (got.reply !== undefined && pipe.length < 50) pipe.push(got.reply);
          };
          for (const { side, id, price, fate } of steps) {
            const document = side ? box : office;
            must(document.edit({ items: [item(id, String(price))] }), 'edit');
            const message = side ? pendingFor(box, up, seenByOffice) : pendingFor(office, down, seenByBox);
            if (message !== undefined && fate !== 0) pipe.push(message);
            if (fate === 2) for (const waiting of pipe.splice(0).reverse()) deliver(waiting);
            if (fate === 3 && pipe[0] !== undefined) deliver(pipe[0]);
          }
          settle(box, office);
          expect(box.items()).toEqual(office.items());
        },
      ),
      { numRuns: 60 },
    );
  });
});
