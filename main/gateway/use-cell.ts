/**
 * Puts a version of a cell into use, or the one before it again. The host asks for the choice at each request, so the switch is in force
 * from the next command on, and only if this one is kept.
 */
import { err, ok } from '../../ledger-sync/ledger/result.ts';
import type { CellInUse, CellSwitches } from './book.ts';
import type { Cells } from './cells.ts';
import type { Commands } from './commands.ts';

type Given = Commands['use-cell']['in'];
type Out = Commands['use-cell']['out'];

/** Faults of a cell that is not there, as opposed to one that is there and cannot be used. */
const ABSENT = 'missing-file';

export function useCell(switches: CellSwitches, cells: Cells, { name, version, who, at }: Given): Out {
  const chosen = switches.chosen(name);
  const wanted = version ?? chosen?.from;
  if (wanted === undefined) return err({ code: 'unknown-cell', detail: `no other version of ${name} was in use before: name one` });
  const from = cells.inUse?.(name);
  const found = cells.candidate?.(name, wanted);
  if (found === undefined) return err({ code: 'unknown-cell', detail: 'the cells of this box cannot be switched' });
  if (!found.ok) {
    const code = found.error.code === ABSENT ? 'unknown-cell' : 'bad-cell';
    return err({ code, detail: `${name} ${wanted} cannot be used: ${found.error.detail}` });
  }
  const { digest } = found.value;
  const before = chosen?.version ?? from?.manifest.version;
  const told = { name, version: wanted, digest, ...(before === undefined || before === wanted ? {} : { from: before }) };
  // The same version of the standard choice is written down all the same: from now on it is pinned.
  if (chosen !== undefined && chosen.version === wanted && chosen.digest === digest) return ok({ ...told, switched: false });
  const choice: CellInUse = { version: wanted, digest, ...(before === undefined ? {} : { from: before }) };
  switches.switchCell(name, choice, who, at);
  return ok({ ...told, switched: true });
}
