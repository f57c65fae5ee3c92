import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { requireTool } from '../../test/support/require.ts';
import { layMeter, type Meter, startMeter } from '../../test/support/sensors/meter.ts';
import { programOf } from './cell-host.ts';
import { CellImports } from './cell-imports.ts';
import type { CellProgram, CellRun } from './program.ts';
import { CellRegistry } from './registry.ts';
import { socketsOf } from './wasi-sockets.ts';

const clang = requireTool('clang') !== undefined && requireTool('wasm-ld') !== undefined;
const stop = (detail: string): never => {
  throw new Error(detail);
};
const loopback = (port: number) => ({ tag: 'ipv4', val: { port, address: [127, 0, 0, 1] } });

describe('sockets of a cell', () => {
  type Socket = {
    startBind(network: object, address: object): void;
    finishBind(): void;
    stream(
      remote: object | undefined,
    ): [{ receive(most: bigint): unknown[]; subscribe(): { block(): void } }, { checkSend(): bigint; send(list: object[]): bigint }];
  };
  const of = (grants: string[]) => {
    const sockets = socketsOf(grants, stop);
    const create = sockets.interfaces['wasi:sockets/udp-create-socket'] as { createUdpSocket(family: string): Socket };
    return { ...sockets, create: () => create.createUdpSocket('ipv4') };
  };
  const bound = (grants: string[]) => {
    const made = of(grants);
    const socket = made.create();
    socket.startBind({}, loopback(0));
    socket.finishBind();
    return { ...made, socket };
  };
  const refusal = (work: () => unknown): unknown => {
    try {
      return work();
    } catch (thrown) {
      return thrown;
    }
  };

  it('reach the granted address alone, connected or not', () => {
    const { socket, close } = bound(['udp://127.0.0.1:9001']);
    const to = (remoteAddress: object) => [{ data: new Uint8Array([1]), remoteAddress }];
    for (const address of [
      loopback(9002),
      { tag: 'ipv4', val: { port: 9001, address: [127, 0, 0, 2] } },
      { tag: 'ipv6', val: { port: 9001, flowInfo: 0, address: [0, 0, 0, 0, 0, 65_535, 32_512, 1], scopeId: 0 } },
    ]) {
      expect(refusal(() => socket.stream(address))).toBe('access-denied');
    }
    const [, outgoing] = socket.stream(undefined);
    expect(refusal(() => outgoing.send(to(loopback(9002))))).toBe('access-denied');
    outgoing.checkSend();
    expect(outgoing.send(to(loopback(9001)))).toBe(1n);
    expect(refusal(() => outgoing.send([{ data: new Uint8Array(1_201), remoteAddress: loopback(9001) }]))).toBe('datagram-too-large');
    close();
  });

  it('choose no port, resolve no name, speak no TCP', () => {
    const { create, interfaces, close } = of(['udp://127.0.0.1:9001']);
    expect(refusal(() => create().startBind({}, loopback(9001)))).toBe('access-denied');
    const { resolveAddresses } = interfaces['wasi:sockets/ip-name-lookup'] as { resolveAddresses(): void };
    const { createTcpSocket } = interfaces['wasi:sockets/tcp-create-socket'] as { createTcpSocket(): void };
    expect([refusal(resolveAddresses), refusal(createTcpSocket)]).toEqual(['access-denied', 'access-denied']);
    close();
  });

  it('are bounded: sockets, datagrams, and the time that is waited (I13)', () => {
    const { create, close } = of(['udp://127.0.0.1:9001']);
    for (let count = 0; count < 4; count++) create();
    expect(() => create()).toThrow('more than 4 sockets');
    close();
    const more = bound(['udp://127.0.0.1:9001']);
    const [incoming, outgoing] = more.socket.stream(undefined);
    expect(() => outgoing.send(Array(65).fill({ data: new Uint8Array(1), remoteAddress: loopback(9001) }))).toThrow('64 datagrams');
    expect(() => incoming.subscribe().block()).toThrow('waited more than 500 ms');
    more.close();
  });
});

describe.skipIf(!clang)('a meter that its cell asks itself', () => {
  let folder: string;
  let meter: Meter;
  let program: CellProgram;
  let state: Map<string, Uint8Array>;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'chautari-meter-'));
    meter = await startMeter();
    await layMeter(folder, [`udp://127.0.0.1:${meter.port}`]);
    const prepared = new CellRegistry({ shipped: folder }).standard('meter');
    if (prepared === undefined) throw new Error('the meter was not laid down');
    program = programOf(prepared);
  }, 60_000);
  afterAll(() => {
    meter.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    state = new Map();
  });

  const ask = (port: number): CellRun => {
    const facts = { find: () => undefined, available: () => 0n, refundable: () => 0n, stateGet: (key: string) => state.get(key) };
    const imports = new CellImports([], facts, { at: 0n, seed: '00' });
    const run = program.run('process-telemetry', ['meter-7', BigInt(port)], imports);
    for (const { key, value } of imports.stateWrites()) if (value !== undefined) state.set(key, value);
    return run;
  };

  it('is asked for another address in vain', () => {
    expect(ask(meter.port + 1)).toMatchObject({ value: { tag: 'err', val: 'the meter’s address is not granted'.replace('’', "'") } });
    expect(ask(70_000)).toMatchObject({ value: { tag: 'err' } });
  });

  it('that is silent ends the request, and the next one is served', () => {
    expect(ask(meter.port)).toMatchObject({ outcome: 'failed', code: 'limit', detail: expect.stringContaining('500 ms') });
    expect(ask(meter.port + 1)).toMatchObject({ outcome: 'returned' });
  });
});
