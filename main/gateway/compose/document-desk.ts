/**
 * The gateway's side of the catalogue: kept in the journal's database, changed here with or without a link, merged with head office over
 * the same link as the money. Loaded when it is first asked for, after the box can take payments. One thing at a time.
 */
import { CATALOGUE, CatalogueDocument, type CatalogueEdit, MAX_DOCUMENT_BYTES } from '../../../ledger-sync/documents/catalogue.ts';
import { headsFromBytes, headsToBytes, pendingFor, receive, same } from '../../../ledger-sync/documents/exchange.ts';
import { err, ok, type Result } from '../../../ledger-sync/ledger/result.ts';
import type { DocumentMessage } from '../../../ledger-sync/protocol/document-message.ts';
import type { CatalogueDesk, FaceFault, Ledger } from '../../api/face.ts';
import type { CatalogueBody, CatalogueEditBody } from '../../api/schemas.ts';

export type GatewayDocuments = CatalogueDesk & {
  /** Head office's message; what is to be answered. */
  receive(message: DocumentMessage, at: number): Promise<readonly DocumentMessage[]>;
  /** What head office has not acknowledged: for when it is heard from. */
  pending(): Promise<readonly DocumentMessage[]>;
};

export type DocumentOptions = {
  readonly ledger: () => Ledger | undefined;
  /** 16 random bytes as hex. */
  readonly actor: string;
  /** After a change, from here (then there is something to send) or from head office. */
  readonly onChanged: () => void;
};

const NOT_ENROLLED: FaceFault = { code: 'not-enrolled', detail: 'This box is not enrolled yet, so it has nowhere to keep a catalogue.' };

type Open = { document: CatalogueDocument; acknowledged: readonly string[]; changedAt: number };

export function gatewayDocuments({ ledger, actor, onChanged }: DocumentOptions): GatewayDocuments {
  let opened: Open | undefined;
  let line: Promise<unknown> = Promise.resolve();

  const inLine = <T>(run: () => Promise<T>): Promise<T> => {
    const next = line.then(run, run);
    line = next.catch(() => undefined);
    return next;
  };

  const open = async (): Promise<{ here: Ledger; state: Open } | undefined> => {
    const here = ledger();
    if (here === undefined) return undefined;
    if (opened === undefined) {
      const row = here.reader.document(CATALOGUE);
      const document = await CatalogueDocument.load(row?.bytes, actor);
      opened = { document, acknowledged: headsFromBytes(row?.acknowledged), changedAt: row?.at ?? 0 };
    }
    return { here, state: opened };
  };

  /** Durable before anybody is told; where that fails the memory is read again from what is durable. */
  const keep = async (here: Ledger, state: Open, at: number): Promise<Result<void, FaceFault>> => {
    const acknowledged = headsToBytes(state.acknowledged);
    const done = await here.writer.execute('save-document', { name: CATALOGUE, bytes: state.document.save(), acknowledged, at });
    if (!done.ok) {
      opened = undefined;
      return done;
    }
    state.changedAt = at;
    return ok(undefined);
  };

  const bodyOf = (state: Open): CatalogueBody => ({
    items: state.document.items().map(({ name, unit, ...item }) => ({ ...item, name: { ...name }, unit: { ...unit } })),
    asOf: new Date(state.changedAt).toISOString(),
  });

  const sideOf = (here: Ledger) => ({ gateway: here.reader.name().gateway, direction: 'up' }) as const;

  return {
    read: () =>
      inLine(async () => {
        const ready = await open();
        return ready === undefined ? { items: [], asOf: new Date(0).toISOString() } : bodyOf(ready.state);
      }),
    edit: (edit: CatalogueEditBody, at) =>
      inLine(async () => {
        const ready = await open();
        if (ready === undefined) return err(NOT_ENROLLED);
        const { here, state } = ready;
        const done = state.document.edit(edit as CatalogueEdit);
        if (!done.ok) return done;
        const kept = await keep(here, state, at);
        if (!kept.ok) return kept;
        onChanged();
        return ok(bodyOf(state));
      }),
    receive: (message, at) =>
      inLine(async () => {
        const ready = await open();
        if (ready === undefined || message.name !== CATALOGUE) return [];
        const { here, state } = ready;
        const got = receive(state.document, sideOf(here), message);
        if (got === undefined) return [];
        if (got.changed && state.document.save().length > MAX_DOCUMENT_BYTES) {
          opened = undefined;
          return [];
        }
        const acknowledged = got.acknowledged.length > 0 && !same(got.acknowledged, state.acknowledged);
        if (acknowledged) state.acknowledged = got.acknowledged;
        if (got.changed || acknowledged) {
          const kept = await keep(here, state, got.changed ? at : state.changedAt);
          if (!kept.ok) return [];
        }
        if (got.changed) onChanged();
        return got.reply === undefined ? [] : [got.reply];
      }),
    pending: () =>
      inLine(async () => {
        const ready = await open();
        if (ready === undefined) return [];
        const message = pendingFor(ready.state.document, sideOf(ready.here), ready.state.acknowledged);
        return message === undefined ? [] : [message];
      }),
  };
}
