/**
 * Trackside sensors in a thread of their own: a sealed reading at a steady pace, to the gateway and to a bare echo in turns, and how long
 * each took to come back. Open loop: the next goes out on its time whether the last came back or not.
 */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { writeRequest } from '../../main/sensors/datagram.ts';
import { deviceKey, sealed } from '../../main/sensors/sensor-keys.ts';

export type DeviceTask = {
  readonly gatewayPort: number;
  readonly echoPort: number;
  readonly secret: Uint8Array;
  readonly readings: number;
  readonly paceMs: number;
  readonly first: number;
};
export type DeviceResult = { readonly gateway: readonly number[]; readonly echo: readonly number[]; readonly lost: number };

const task = workerData as DeviceTask;
const DEVICES = 16;
const keys = Array.from({ length: DEVICES }, (_, index) => deviceKey(Buffer.from(task.secret), `S-${index}`));

/** Which reading a datagram is of: both ways the number lies in bytes 1 to 8, and the device in the number. */
const numberOf = (datagram: Buffer): number => Number(datagram.readBigUInt64BE(1));

async function open(): Promise<Socket> {
  const socket = createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

class Line {
  readonly times: number[] = [];
  private readonly sentAt = new Map<number, number>();
  private readonly socket: Socket;
  private readonly port: number;

  constructor(socket: Socket, port: number) {
    this.socket = socket;
    this.port = port;
    socket.on('message', (datagram) => {
      const number = numberOf(datagram);
      const sentAt = this.sentAt.get(number);
      if (sentAt === undefined) return;
      this.sentAt.delete(number);
      this.times.push(performance.now() - sentAt);
    });
  }
  send(number: number, datagram: Buffer): void {
    this.sentAt.set(number, performance.now());
    this.socket.send(datagram, this.port, '127.0.0.1');
  }
  get lost(): number {
    return this.sentAt.size;
  }
}

const gateway = new Line(await open(), task.gatewayPort);
const echo = new Line(await open(), task.echoPort);
const startedAt = performance.now();
for (let index = 0; index < task.readings; index++) {
  const dueAt = startedAt + index * task.paceMs;
  const waitMs = dueAt - performance.now();
  if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  const number = task.first + index;
  const device = index % DEVICES;
  const order = { type: 'reading', deviceId: `S-${device}`, kind: 'speed', value: BigInt(index % 2_000), at: 0, request: number } as const;
  const datagram = sealed(keys[device] as Buffer, writeRequest(order));
  gateway.send(number, datagram);
  echo.send(number, datagram);
}
await new Promise((resolve) => setTimeout(resolve, 1_000));
parentPort?.postMessage({ gateway: gateway.times, echo: echo.times, lost: gateway.lost } satisfies DeviceResult);
process.exit(0);
