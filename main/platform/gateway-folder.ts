/** Whether a folder is a gateway's: in any other a token or a cell would be of no use, and nobody would notice the slip. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ExitFault } from './exit.ts';

const NEAR_MAX = 5;

/** A gateway has a key from its first start. Head office has one too, and its ledger with it. */
function isGateways(folder: string): boolean {
  return existsSync(join(folder, 'identity.pem')) && !existsSync(join(folder, 'central.sqlite'));
}

function gatewaysIn(place: string): string[] {
  const names = existsSync(place) && statSync(place).isDirectory() ? readdirSync(place) : [];
  return names.map((name) => join(place, name)).filter(isGateways);
}

/** The gateways that lie in the folder, or else beside it: the slip is most often one name too few, or another name. */
function near(folder: string): string[] {
  const inside = gatewaysIn(resolve(folder));
  const found = inside.length > 0 ? inside : gatewaysIn(dirname(resolve(folder)));
  return found.slice(0, NEAR_MAX).map((path) => relative('', path) || '.');
}

export function refuseOtherThanGateways(folder: string): void {
  if (isGateways(folder)) return;
  const names = near(folder).map((path) => `--data ${path}`);
  const what = names.length > 0 ? names.join(', ') : "with --data (a gateway makes it at its first start; a village's are in village-data)";
  throw new ExitFault(2, `${folder} is no gateway's data folder; name the right one${names.length > 0 ? ':' : ''} ${what}`);
}
