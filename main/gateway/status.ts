/** The journal's part of the status: where it stands, what head office holds of it, what waits. */
import type { Ledger } from '../api/face.ts';
import type { StatusBody } from '../api/schemas.ts';
import type { Reader } from '../store/reader.ts';

export type JournalStatus = Pick<
  StatusBody,
  'gateway' | 'site' | 'currency' | 'epoch' | 'head' | 'watermark' | 'sent' | 'pending' | 'fenced'
>;

export function journalStatus(reader: Reader, sent: number): JournalStatus {
  const { gateway, epoch } = reader.name();
  const { received, archived } = reader.watermark();
  const fenced = reader.fenced();
  return {
    gateway,
    site: reader.site(),
    currency: reader.currency(),
    epoch,
    head: { ...reader.head() },
    watermark: { received: received.number, archived },
    // What head office holds was sent, if not in this process's life.
    sent: Math.max(sent, received.number),
    pending: { ...reader.pending() },
    ...(fenced === undefined ? {} : { fenced }),
  };
}

/** Cells that did not come back; nothing where there was none. */
export function hangsStatus({ reader, writer }: Ledger): Pick<StatusBody, 'cellHangs'> {
  const { count, last } = reader.hangs();
  const { setAside } = writer.state();
  if (last === undefined) return {};
  const { at, ...which } = last;
  return { cellHangs: { recorded: count, setAside: [...setAside], last: { ...which, at: new Date(at).toISOString() } } };
}
