/**
 * The centre's side of the catalogue: one document for all sites, merged with what each gateway changed, sent to each as far as it has
 * not acknowledged it. One thing at a time: a merge and an edit never run across each other.
 */
import { CATALOGUE, CatalogueDocument, type CatalogueEdit, MAX_DOCUMENT_BYTES } from '../documents/catalogue.ts';
import { headsFromBytes, headsToBytes, pendingFor, receive, same } from '../documents/exchange.ts';
import { type GatewayId, parseGatewayId } from '../ledger/ids.ts';
import { err, ok } from '../ledger/result.ts';
import type { DocumentMessage } from '../protocol/document-message.ts';
import type { DocumentDesk } from './documents.ts';
import type { Tables } from './tables.ts';

export type DocumentDeskOptions = {
  readonly tables: Pick<Tables, 'document' | 'saveDocument' | 'documentPeers' | 'saveDocumentPeer'>;
  /** The gateways that are enrolled now. */
  readonly gateways: () => Promise<readonly string[]>;
  /** 16 random bytes as hex. */
  readonly actor: string;
  readonly now: () => number;
};

export async function openDocumentDesk({ tables, gateways, actor, now }: DocumentDeskOptions): Promise<DocumentDesk> {
  const stored = await tables.document(CATALOGUE);
  let document = await CatalogueDocument.load(stored, actor);
  const peers = new Map<string, readonly string[]>();
  for (const [gateway, bytes] of await tables.documentPeers(CATALOGUE)) peers.set(gateway, headsFromBytes(bytes));
  const listeners = new Set<(name: 'catalogue') => void>();
  let changedAt = now();
  let line: Promise<unknown> = Promise.resolve();

  const inLine = <T>(run: () => Promise<T>): Promise<T> => {
    const next = line.then(run, run);
    line = next.catch(() => undefined);
    return next;
  };

  /** What is in memory must be on the disk before anybody is told: a failed write takes the memory back. */
  const keep = async (atMs: number): Promise<void> => {
    try {
      await tables.saveDocument(CATALOGUE, document.save(), atMs);
    } catch (fault) {
      document = await CatalogueDocument.load(await tables.document(CATALOGUE), actor);
      throw fault;
    }
    changedAt = atMs;
    for (const listener of listeners) listener(CATALOGUE);
  };

  const acknowledge = async (gateway: string, heads: readonly string[]): Promise<void> => {
    if (heads.length === 0 || same(heads, peers.get(gateway) ?? [])) return;
    peers.set(gateway, heads);
    await tables.saveDocumentPeer(CATALOGUE, gateway, headsToBytes(heads));
  };

  const pending = (gateway: GatewayId): readonly DocumentMessage[] => {
    const message = pendingFor(document, { gateway, direction: 'down' }, peers.get(gateway) ?? []);
    return message === undefined ? [] : [message];
  };

  const sendToAll = async (but?: string): Promise<readonly DocumentMessage[]> => {
    const messages: DocumentMessage[] = [];
    for (const name of await gateways()) {
      const gateway = parseGatewayId(name);
      if (gateway.ok && name !== but) messages.push(...pending(gateway.value));
    }
    return messages;
  };

  return {
    receive: (message, atMs) =>
      inLine(async () => {
        if (message.name !== CATALOGUE) return [];
        const got = receive(document, { gateway: message.gateway, direction: 'down' }, message);
        if (got === undefined) return [];
        if (got.changed) {
          // A gateway that floods its own document is not let into everybody's.
          if (document.save().length > MAX_DOCUMENT_BYTES) {
            document = await CatalogueDocument.load(await tables.document(CATALOGUE), actor);
            return [];
          }
          await keep(atMs);
        }
        await acknowledge(message.gateway, got.acknowledged);
        const others = got.changed ? await sendToAll(message.gateway) : [];
        return got.reply === undefined ? others : [got.reply, ...others];
      }),
    greet: (gateway) => inLine(async () => pending(gateway)),
    catalogue: async () => ({ items: [...document.items()], asOf: changedAt }),
    edit: (edit, atMs) =>
      inLine(async () => {
        const done = document.edit(edit as CatalogueEdit);
        if (!done.ok) return err(done.error);
        await keep(atMs);
        return ok({ catalogue: { items: [...document.items()], asOf: atMs }, send: await sendToAll() });
      }),
    onChanged: (listener) => void listeners.add(listener),
  };
}
