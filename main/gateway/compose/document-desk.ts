/**
 * The box's side of the catalogue: kept in the journal's database, changed here with or without a link, merged with head office over the
 * same link as the money. Loaded when it is first asked for, after the box can take payments.
 */
import { CATALOGUE, type CatalogueEdit } from '../../../ledger-sync/documents/catalogue.ts';
import { CatalogueKeeper, type CatalogueView, type Shelf } from '../../../ledger-sync/documents/catalogue-keeper.ts';
import { err, ok } from '../../../ledger-sync/ledger/result.ts';
import type { DocumentMessage } from '../../../ledger-sync/protocol/document-message.ts';
import type { CatalogueDesk, FaceFault, Ledger } from '../../api/face.ts';
import type { CatalogueBody } from '../../api/schemas.ts';

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

/** One row of the journal's database: the document with what head office acknowledged of it. */
const shelfOf = ({ reader, writer }: Ledger): Shelf<FaceFault> => ({
  load: async () => {
    const row = reader.document(CATALOGUE);
    return {
      document: row === undefined ? undefined : { bytes: row.bytes, changedAtMs: row.at },
      acknowledged: new Map(row?.acknowledged === undefined ? [] : [[reader.name().gateway, row.acknowledged]]),
    };
  },
  save: async ({ bytes, changedAtMs }) => {
    const done = await writer.execute('save-document', { name: CATALOGUE, bytes, at: changedAtMs });
    return done.ok ? ok(undefined) : done;
  },
  saveAcknowledged: async (_gateway, acknowledged, { bytes, changedAtMs }) => {
    const done = await writer.execute('save-document', { name: CATALOGUE, bytes, acknowledged, at: changedAtMs });
    return done.ok ? ok(undefined) : done;
  },
});

const bodyOf = ({ items, changedAtMs }: CatalogueView): CatalogueBody => ({
  items: items.map(({ name, unit, ...item }) => ({ ...item, name: { ...name }, unit: { ...unit } })),
  asOf: new Date(changedAtMs).toISOString(),
});

export function gatewayDocuments({ ledger, actor, onChanged }: DocumentOptions): GatewayDocuments {
  let keeper: CatalogueKeeper<FaceFault> | undefined;

  /** From the enrolment on. */
  const ready = () => {
    const here = ledger();
    if (here === undefined) return undefined;
    keeper ??= new CatalogueKeeper(shelfOf(here), actor);
    return { keeper, side: { gateway: here.reader.name().gateway, direction: 'up' } as const };
  };

  return {
    read: async () => bodyOf((await ready()?.keeper.read()) ?? { items: [], changedAtMs: 0 }),
    edit: async (edit, at) => {
      const done = await ready()?.keeper.edit(edit as CatalogueEdit, at);
      if (done === undefined) return err(NOT_ENROLLED);
      if (!done.ok) return done;
      onChanged();
      return ok(bodyOf(done.value));
    },
    receive: async (message, at) => {
      const here = ready();
      const taken = await here?.keeper.receive(message, here.side, at);
      if (taken?.changed === true) onChanged();
      return taken?.reply === undefined ? [] : [taken.reply];
    },
    pending: async () => {
      const here = ready();
      return here === undefined ? [] : here.keeper.pending(here.side);
    },
  };
}
