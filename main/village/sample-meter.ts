/** A prepaid meter for each sample shop, with a lease of its count as the office gives it and a technician enters it: so that a newcomer can sell a token. */
import type { LeaseBody } from '../api/schemas.ts';
import type { Site, World } from './world.ts';

/** Rs 15.00 a day. */
const TARIFF = { unit: 'day', price: '1500', currency: 'NPR' };

const meterOf = (index: number) => ({
  meter: `M-${204 + 100 * index}`,
  // Nobody's meter: a sample's key may be known.
  key: `6368617574617269206d65746572${(index + 1).toString(16).padStart(4, '0')}`,
  startingCode: 204_000_000 + index,
  ...TARIFF,
});

/** Asking again changes nothing; a box that has a lease gets no other. */
export async function leaseSampleMeter(world: World, site: Site, index: number): Promise<void> {
  const { leases } = await site.client.get<{ leases: readonly LeaseBody[] }>('/v1/leases');
  if (leases.length > 0) return;
  const meter = meterOf(index);
  await world.office.post('/v1/meters', meter);
  const { gateway, epoch } = await site.client.get<{ gateway: string; epoch: string }>('/v1/status');
  // A box that was made anew has another epoch, and its old one may not be fenced yet.
  const asked = {
    gateway,
    meter: meter.meter,
    count: 60,
    request: `village ${meter.meter} ${epoch}`,
    takeOver: 'a new folder of the village',
  };
  const { text } = await world.office.post<{ text: string }>('/v1/leases', asked);
  await site.client.post('/v1/leases', { lease: text });
}
