/**
 * The link over MQTT.js as a lossy pipe (W5): QoS 0, clean session, nothing queued by the library, no reconnecting by the library. Speaks 3.1.1, so
 * that any broker will do. Bounded: a packet that is announced larger than `largestPayloadBytes` ends the connection before it is gathered.
 */
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { MAX_MESSAGE_BYTES } from '../protocol/limits.ts';
import { endAtOversize, LOSSY_PIPE } from '../protocol/mqtt-pipe.ts';
import type { LinkHandlers, OpenLink } from './link.ts';

export type MqttLinkOptions = {
  /** `mqtt://host:port`, `mqtts://...` */
  readonly url: string;
  readonly clientId: string;
  readonly keepaliveMs: number;
  readonly connectTimeoutMs: number;
  readonly largestPayloadBytes?: number;
  /** Certificates, user name: whatever the broker asks for. */
  readonly access?: Pick<IClientOptions, 'username' | 'password' | 'ca' | 'cert' | 'key'>;
};

/** Topic and header of a packet. */
const PACKET_OVERHEAD_BYTES = 4096;

export function mqttLink(options: MqttLinkOptions): OpenLink {
  return (handlers) => {
    let current: MqttClient | undefined;

    const connect = (topics: readonly string[]): void => {
      drop(current);
      current = dial(options, topics, handlers, (client) => {
        const isCurrent = client === current;
        if (isCurrent) current = undefined;
        return isCurrent;
      });
    };
    return {
      connect,
      subscribe(topic) {
        current?.subscribe(topic, { qos: 0 });
      },
      publish(topic, payload) {
        // A Buffer over the same bytes; the callback only keeps the library from throwing where the connection ends meanwhile.
        if (current?.connected === true) current.publish(topic, Buffer.from(payload), { qos: 0 }, () => undefined);
      },
      close() {
        const client = current;
        current = undefined;
        drop(client);
      },
    };
  };
}

function dial(
  options: MqttLinkOptions,
  topics: readonly string[],
  handlers: LinkHandlers,
  release: (client: MqttClient) => boolean,
): MqttClient {
  const client = mqtt.connect(options.url, {
    ...LOSSY_PIPE,
    ...options.access,
    clientId: options.clientId,
    keepalive: Math.max(1, Math.round(options.keepaliveMs / 1000)),
    connectTimeout: options.connectTimeoutMs,
  });
  let detail = 'the connection ended';
  const end = (): void => {
    if (!release(client)) return;
    drop(client);
    handlers.disconnected(detail);
  };
  client.on('error', (fault) => {
    detail = fault.message || ('code' in fault ? String(fault.code) : fault.name);
    client.stream?.destroy();
  });
  client.on('close', end);
  client.on('connect', () => {
    endAtOversize(client, (options.largestPayloadBytes ?? MAX_MESSAGE_BYTES) + PACKET_OVERHEAD_BYTES);
    client.subscribe([...topics], { qos: 0 }, (fault) => {
      if (fault === null || fault === undefined) handlers.connected();
      else client.stream.destroy();
    });
  });
  client.on('message', (topic, payload) => handlers.message(topic, payload));
  return client;
}

function drop(client: MqttClient | undefined): void {
  if (client === undefined) return;
  client.removeAllListeners();
  client.on('error', () => undefined);
  client.end(true);
}
