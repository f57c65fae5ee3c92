/**
 * The link as the agent needs it: lossy, in order or not, sometimes there. One implementation talks MQTT, tests have one in memory.
 */
export interface LinkHandlers {
  /** Connected, and every topic is subscribed. */
  connected(): void;
  /** The end of a connection, or of an attempt: exactly once for each `connect`. */
  disconnected(detail: string): void;
  message(topic: string, payload: Uint8Array): void;
}

export interface Link {
  /** One attempt; never repeats by itself. */
  connect(topics: readonly string[]): void;
  /** One more topic on this connection. */
  subscribe(topic: string): void;
  /** Hands over or drops: nothing is queued while there is no connection. */
  publish(topic: string, payload: Uint8Array): void;
  close(): void;
}

export type OpenLink = (handlers: LinkHandlers) => Link;
