import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ok } from '../../ledger-sync/ledger/result.ts';
import { readReply, readRequest, writeReply, writeRequest } from './datagram.ts';
import { fault, SENSOR_FAULT_CODES, type SensorOrder, type SensorOutcome } from './readings.ts';
import { SENSOR_LIMITS } from './sensor-limits.ts';

const request = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const deviceId = fc.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/);
const cell = fc.option(fc.stringMatching(/^[a-z][a-z0-9-]{0,47}$/), { nil: undefined });
const asked = fc
  .record({ request, deviceId, cell })
  .map(({ cell: name, ...rest }) => ({ ...rest, ...(name === undefined ? {} : { cell: name }) }));
const metric = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const signed = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const order: fc.Arbitrary<SensorOrder> = fc.oneof(
  fc.tuple(asked, metric).map(([rest, value]) => ({ ...rest, type: 'metric' as const, metric: value })),
  fc
    .tuple(asked, fc.stringMatching(/^[a-z][a-z0-9.-]{0,63}$/), signed)
    .map(([rest, kind, value]) => ({ ...rest, type: 'reading' as const, kind, value, at: 1_000_000 - 250 })),
  fc
    .tuple(asked, fc.constantFrom('telemetry-cell' as const, 'decision-cell' as const))
    .map(([rest, world]) => ({ ...rest, type: 'standing' as const, world })),
);
const word = fc.string({ maxLength: 64, unit: 'grapheme-ascii' });
const outcome: fc.Arbitrary<SensorOutcome> = fc.oneof(
  metric.map((total) => ok({ type: 'total' as const, total })),
  fc
    .tuple(fc.option(word, { nil: undefined }), word, signed)
    .map(([anomaly, command, argument]) =>
      ok({ type: 'decision' as const, ...(anomaly === undefined ? {} : { anomaly }), command, argument }),
    ),
  request.map((highest) => ok({ type: 'standing' as const, highest })),
  word.map((detail) => ok({ type: 'refused' as const, detail })),
  fc.tuple(fc.constantFrom(...SENSOR_FAULT_CODES), word).map(([code, detail]) => fault(code, detail)),
);

describe('datagrams', () => {
  it('come back as they were sent, the age taken off the gateway’s time', () => {
    fc.assert(
      fc.property(order, (sent) => {
        const bytes = writeRequest(sent, 250);
        expect(bytes.length).toBeLessThanOrEqual(SENSOR_LIMITS.datagramBytesMax - 16);
        const got = readRequest(bytes);
        expect(got?.order(1_000_000)).toEqual(sent);
        expect(got?.request).toBe(BigInt(sent.request ?? 0));
      }),
    );
  });

  it('replies come back too', () => {
    fc.assert(
      fc.property(request, outcome, (number, sent) => {
        const bytes = writeReply(BigInt(number), sent);
        expect(bytes.length).toBeLessThanOrEqual(SENSOR_LIMITS.datagramBytesMax - 16);
        expect(readReply(bytes)).toEqual({ request: BigInt(number), outcome: sent });
      }),
    );
  });

  it('any bytes are an order or nothing, and never a throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
        readRequest(Buffer.from(bytes));
        readReply(Buffer.from(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  it('cut anywhere, or longer by a byte, is none', () => {
    const bytes = writeRequest({ type: 'reading', deviceId: 'S-12', request: 7, kind: 'train', value: 4711n, at: 0 });
    for (let length = 0; length < bytes.length; length++) expect(readRequest(bytes.subarray(0, length))).toBeUndefined();
    expect(readRequest(Buffer.concat([bytes, Buffer.alloc(1)]))).toBeUndefined();
    expect(readRequest(writeReply(7n, ok({ type: 'total', total: 1n })))).toBeUndefined();
  });

  it('a long text is cut at a whole character', () => {
    const reply = readReply(writeReply(1n, fault('storage', 'नमस्ते'.repeat(40))));
    expect(reply?.outcome).toMatchObject({ ok: false, error: { code: 'storage', detail: expect.not.stringContaining('�') } });
  });

  it('has the bytes that the page states', () => {
    const bytes = writeRequest({ type: 'metric', deviceId: 'm1', cell: 'telemetry', request: 258, metric: 3n });
    expect(bytes.toString('hex')).toBe(`11${'0000000000000102'}09${Buffer.from('telemetry').toString('hex')}026d31${'0000000000000003'}`);
  });
});
