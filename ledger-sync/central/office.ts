/** What the HTTP routes may use: the centre's parts, as the composition gives them. */
import type { OpenAPIHono } from '@hono/zod-openapi';
import type { Entropy } from '../../main/platform/entropy.ts';
import type { EventHub } from '../../main/platform/http/event-stream.ts';
import type { DocumentMessage } from '../protocol/document-message.ts';
import type { Signer } from '../protocol/signing.ts';
import type { DocumentDesk } from './documents.ts';
import type { GatewayList } from './gateways.ts';
import type { Metrics } from './metrics.ts';
import type { OfficePassword } from './password.ts';
import type { Tables } from './tables.ts';

export type BrokerState = { readonly state: 'connected' | 'away'; readonly sinceMs: number };

export type Office = {
  readonly tables: Tables;
  readonly gateways: GatewayList;
  readonly documents: DocumentDesk;
  /** Hands documents to the link. */
  readonly sendDocuments: (messages: readonly DocumentMessage[]) => void;
  /** Writes what was only counted, so that a page shows it. */
  readonly flush: () => Promise<void>;
  readonly hub: EventHub;
  readonly metrics: Metrics;
  readonly password: OfficePassword;
  readonly now: () => number;
  readonly entropy: Entropy;
  readonly version: string;
  /** Head office's key: what it signs outside the link. */
  readonly signer: Signer;
  readonly keyFingerprint: string;
  readonly broker: () => BrokerState;
  /** Why entries cannot be taken now; undefined where they can. */
  readonly trouble: () => string | undefined;
  readonly logError: (error: unknown, path: string) => void;
};

export type OfficeEnv = { Variables: { user: string; tokenHash: string } };
export type OfficeApp = OpenAPIHono<OfficeEnv>;
