/** The meter cell of the examples, built and laid down for a port that the test picked, and a meter that answers there. */
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildComponent, layCell, readManifest } from '../../../cells/sdk/build-cells.ts';
import { generateKey, signerFromPem } from '../../../ledger-sync/protocol/ed25519.ts';
import type { CellManifest, SensorManifest } from '../../../main/cell-host/manifest.ts';
import { TRUSTED_FILE, trustedText } from '../../../main/cell-host/trusted-keys.ts';

const FOLDER = join(import.meta.dirname, '../../../cells/examples/meter');

/** Lays the meter into `root` with these addresses granted, signed by a key that `root` trusts. */
export async function layMeter(root: string, sockets: readonly string[]): Promise<CellManifest> {
  const authored = readManifest(FOLDER) as SensorManifest;
  const manifest: SensorManifest = { ...authored, grants: { ...authored.grants, sockets } };
  const signer = signerFromPem(generateKey());
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, TRUSTED_FILE), trustedText([{ name: 'test', key: Buffer.from(signer.publicKey).toString('hex') }]));
  await layCell(root, manifest, await buildComponent(FOLDER, manifest), signer);
  return manifest;
}

export type Meter = { readonly port: number; register: bigint; isSilent: boolean; close(): void; readonly asked: string[] };

/** Answers each datagram with its register. */
export async function startMeter(): Promise<Meter> {
  const socket: Socket = createSocket('udp4');
  const meter = { port: 0, register: 0n, isSilent: false, asked: [] as string[], close: () => void socket.close() };
  socket.on('message', (datagram, from) => {
    meter.asked.push(datagram.toString());
    if (meter.isSilent) return;
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64BE(meter.register);
    socket.send(bytes, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return Object.assign(meter, { port: socket.address().port });
}
