/**
 * The batches that were handed to the link and are not acknowledged: which are still on the way, held by the centre, or lost. Pure.
 */
import type { Flight } from './machine-types.ts';

export const hasEntries = (flight: Flight): boolean => flight.to > flight.after;

export const bytesInFlight = (flights: readonly Flight[]): number =>
  flights.reduce((sum, { bytes, isHeld }) => sum + (isHeld ? 0 : bytes), 0);

/** The first run of entries from `base` that no flight covers, and whether a flight comes after it. */
export function uncovered(
  flights: readonly Flight[],
  base: number,
  head: number,
): { readonly after: number; readonly until: number; readonly isHole: boolean } {
  let after = base;
  for (const flight of [...flights].sort((left, right) => left.after - right.after)) {
    if (!hasEntries(flight)) continue;
    if (flight.after > after) return { after, until: flight.after, isHole: true };
    after = Math.max(after, flight.to);
  }
  return { after, until: head, isHole: false };
}

/**
 * What an answer leaves of the flights, with the centre's head at `base`. The link keeps order, so what went before the answered batch and was
 * not answered will not come; where the link does not keep order, this only costs bytes. A batch that is next and yet not taken was refused: the GAP
 * that says so comes with the ACK, so it is not given up for the ACK alone.
 */
export function sortFlights(
  flights: readonly Flight[],
  base: number,
  answered: Flight | undefined,
  isGap: boolean,
): { readonly flights: readonly Flight[]; readonly lost: number } {
  const kept: Flight[] = [];
  let lost = 0;
  for (const flight of flights) {
    if (hasEntries(flight) ? flight.to <= base : flight === answered) continue;
    const isNext = flight.after <= base;
    const isPassed = answered !== undefined && flight.sequence < answered.sequence;
    // Held, although nothing is missing before it any more: the centre has let it go.
    const isLost = flight === answered ? isNext && isGap : flight.isHeld ? isNext && isPassed : isPassed;
    if (isLost) lost++;
    else kept.push(flight === answered ? { ...flight, isHeld: true } : flight);
  }
  return { flights: kept, lost };
}
