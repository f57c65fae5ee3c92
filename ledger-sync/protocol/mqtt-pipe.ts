/**
 * MQTT.js as the lossy pipe of W5, said once for both ends: 3.1.1, a clean session, nothing queued, repeated or reconnected by the library.
 * The library itself is not imported here.
 */
export const LOSSY_PIPE = {
  protocolVersion: 4,
  clean: true,
  reconnectPeriod: 0,
  queueQoSZero: false,
  resubscribe: false,
  // Else the library makes 65,536 small buffers at its first packet, to number packets that QoS 0 does not number.
  writeCache: false,
} as const;

/** What of the library's client is needed. */
type PacketStream = {
  on(event: 'packetreceive', listener: () => void): unknown;
  readonly stream: { on(event: 'data', listener: (chunk: Uint8Array) => void): unknown; destroy(): unknown };
};

/** Ends the connection where more than the limit has come without a packet being complete: the library itself would gather 256 MB. */
export function endAtOversize(client: PacketStream, limitBytes: number): void {
  let gathered = 0;
  client.on('packetreceive', () => {
    gathered = 0;
  });
  client.stream.on('data', (chunk) => {
    gathered += chunk.length;
    if (gathered > limitBytes) client.stream.destroy();
  });
}
