/**
 * Head office's side of the catalogue: one document for all sites, merged with what each gateway changed, sent to each as far as it has
 * not acknowledged it.
 */
import { CATALOGUE, type CatalogueEdit } from '../documents/catalogue.ts';
import { CatalogueKeeper, type CatalogueView, type Shelf } from '../documents/catalogue-keeper.ts';
import { type GatewayId, parseGatewayId } from '../ledger/ids.ts';
import { ok } from '../ledger/result.ts';
import type { DocumentMessage } from '../protocol/document-message.ts';
import type { Catalogue } from './catalogue.ts';
import type { DocumentDesk } from './documents.ts';
import type { Tables } from './tables.ts';

export type DocumentDeskOptions = {
  readonly tables: Pick<Tables, 'document' | 'saveDocument' | 'documentPeers' | 'saveDocumentPeer'>;
  /** The gateways that are enrolled now. */
  readonly gateways: () => Promise<readonly string[]>;
  /** 16 random bytes as hex. */
  readonly actor: string;
};

/** What the tables cannot keep they throw (StorageFault): ingest withholds its answer, HTTP says so. */
const shelfOf = (tables: DocumentDeskOptions['tables']): Shelf<never> => ({
  load: async () => {
    const document = await tables.document(CATALOGUE);
    return {
      document: document === undefined ? undefined : { bytes: document.bytes, changedAtMs: document.at },
      acknowledged: await tables.documentPeers(CATALOGUE),
    };
  },
  save: async ({ bytes, changedAtMs }) => ok(await tables.saveDocument(CATALOGUE, bytes, changedAtMs)),
  saveAcknowledged: async (gateway, heads) => ok(await tables.saveDocumentPeer(CATALOGUE, gateway, heads)),
});

const catalogueOf = ({ items, changedAtMs }: CatalogueView): Catalogue => ({ items, asOf: changedAtMs });
const sideOf = (gateway: GatewayId) => ({ gateway, direction: 'down' }) as const;

export async function openDocumentDesk({ tables, gateways, actor }: DocumentDeskOptions): Promise<DocumentDesk> {
  const keeper = new CatalogueKeeper(shelfOf(tables), actor);
  // Read now: one that is damaged must stop the start, not the acknowledgements of money.
  await keeper.read();
  const listeners = new Set<(name: 'catalogue') => void>();

  const tell = (): void => {
    for (const listener of listeners) listener(CATALOGUE);
  };
  /** To every gateway but the one that a change came from. */
  const sendToAll = async (but?: string): Promise<readonly DocumentMessage[]> => {
    const messages: DocumentMessage[] = [];
    for (const name of await gateways()) {
      const gateway = parseGatewayId(name);
      if (gateway.ok && name !== but) messages.push(...(await keeper.pending(sideOf(gateway.value))));
    }
    return messages;
  };

  return {
    receive: async (message, atMs) => {
      const { changed, reply } = await keeper.receive(message, sideOf(message.gateway), atMs);
      if (changed) tell();
      const others = changed ? await sendToAll(message.gateway) : [];
      return reply === undefined ? others : [reply, ...others];
    },
    greet: (gateway) => keeper.pending(sideOf(gateway)),
    catalogue: async () => catalogueOf(await keeper.read()),
    edit: async (edit, atMs) => {
      const done = await keeper.edit(edit as CatalogueEdit, atMs);
      if (!done.ok) return done;
      tell();
      return ok({ catalogue: catalogueOf(done.value), send: await sendToAll() });
    },
    onChanged: (listener) => void listeners.add(listener),
  };
}
