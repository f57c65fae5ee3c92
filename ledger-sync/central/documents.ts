/**
 * The centre's seam to merged documents (catalogue). The desk works on whole messages; parts, signatures and topics are ingest's affair.
 * Without a desk (`noDocuments`) documents are taken off the wire and put aside.
 */
import type { EditFault } from '../documents/catalogue.ts';
import type { GatewayId } from '../ledger/ids.ts';
import type { Result } from '../ledger/result.ts';
import type { DocumentMessage } from '../protocol/document-message.ts';
import type { Catalogue, CatalogueEditBody } from './catalogue.ts';

export type CatalogueFault = { readonly code: EditFault['code'] | 'no-documents'; readonly detail: string };

export interface DocumentDesk {
  /** A verified message of an enrolled gateway; what is to be sent down, to that gateway or to others. */
  receive(message: DocumentMessage, atMs: number): Promise<readonly DocumentMessage[]>;
  /** A gateway was heard from: what it has not acknowledged, or nothing. Called at most once in a while for each gateway. */
  greet(gateway: GatewayId, atMs: number): Promise<readonly DocumentMessage[]>;
  catalogue(): Promise<Catalogue>;
  /** Changes the catalogue; the messages are for the gateways that are enrolled. */
  edit(
    edit: CatalogueEditBody,
    atMs: number,
  ): Promise<Result<{ readonly catalogue: Catalogue; readonly send: readonly DocumentMessage[] }, CatalogueFault>>;
  /** After a change from either side. */
  onChanged(listener: (name: 'catalogue') => void): void;
}

export const noDocuments = (now: () => number): DocumentDesk => ({
  receive: async () => [],
  greet: async () => [],
  catalogue: async () => ({ items: [], asOf: now() }),
  edit: async () => ({ ok: false, error: { code: 'no-documents', detail: 'This centre was started without documents.' } }),
  onChanged: () => undefined,
});
